/** For whoever debugs. A constant sentence plus fields; `error` means that a person must act. Never a secret, never chat text. */

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(sentence: string, fields?: Fields): void;
  info(sentence: string, fields?: Fields): void;
  warn(sentence: string, fields?: Fields): void;
  error(sentence: string, fields?: Fields): void;
}
