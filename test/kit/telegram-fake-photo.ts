/** What Telegram makes of an uploaded picture: looked at only as far as its size. */
import { type Refusal, refusal } from "./telegram-fake-chats.ts";

export interface Photo {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly width: number;
  readonly height: number;
  readonly file_size: number;
}

const MOST_BYTES = 10 * 1024 * 1024;
const PNG = "89504e470d0a1a0a";
const JPEG = "ffd8ff";

export function photoOf(file: Uint8Array, number: number): Photo | Refusal {
  const bytes = Buffer.from(file);
  if (bytes.length > MOST_BYTES) {
    return refusal("Bad Request: file of size greater than 10 MB can't be sent as a photo");
  }
  const isPng = bytes.subarray(0, 8).toString("hex") === PNG && bytes.length >= 33;
  const isJpeg = bytes.subarray(0, 3).toString("hex") === JPEG;
  if (!isPng && !isJpeg) return refusal("Bad Request: IMAGE_PROCESS_FAILED");
  const width = isPng ? bytes.readUInt32BE(16) : 90;
  const height = isPng ? bytes.readUInt32BE(20) : 90;
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (width + height > 10_000 || !(ratio <= 20)) {
    return refusal("Bad Request: PHOTO_INVALID_DIMENSIONS");
  }
  const id = `AgACAgIAAxkD${number.toString(36).padStart(6, "0")}`;
  const size = { width, height, file_size: bytes.length };
  return { file_id: id, file_unique_id: id.slice(-8), ...size };
}

/** One blue pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==",
  "base64",
);
