/** Why a desk cannot begin, in one line with the fix. */
export class StartError extends Error {
  override readonly name = "StartError";
}
