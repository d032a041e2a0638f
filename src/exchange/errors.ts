/** Answers that are not 200, in the documented shapes. */
// Handlers throw them; the HTTP server alone turns them into bytes.

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** JSON, or text sent as it is. */
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

const plain = (status: number, error: string, text: string): ApiError =>
  new ApiError(status, { error, error_details: text, message: text });

export const invalidArgument = (text: string): ApiError => plain(400, "INVALID_ARGUMENT", text);
export const notFound = (text: string): ApiError => plain(404, "NOT_FOUND", text);
/** The live service says nothing but this, as plain text. */
export const unauthorized = (): ApiError => new ApiError(401, "Unauthorized\n");
export const missingScopes = (): ApiError =>
  plain(403, "PERMISSION_DENIED", "Missing required scopes");
/** Documented by Coinbase, deliberately not offered by this exchange. */
export const notOffered = (route: string): ApiError =>
  new ApiError(501, {
    error: "unimplemented",
    code: 12,
    message: `${route} is not offered by this exchange`,
    details: [],
  });
