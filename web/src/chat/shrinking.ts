/** Makes phone photos small enough to send before they leave the phone; the server keeps pixels only. */

const SMALL_BYTES = 1_200_000; // below this a picture goes as it is
const LONG_SIDE = 2048;
const LONG_SHOT = 2.5; // a screenshot of a whole chat: its words must stay readable
const LONG_SHOT_WIDTH = 1080;
const LONG_SHOT_HEIGHT = 14_000;
const QUALITY = 0.86;

/** Width and height to draw at; never larger than it is. */
export function drawnSize(width: number, height: number): { width: number; height: number } {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const isLong = long > short * LONG_SHOT;
  const scale = Math.min(1, isLong ? Math.min(LONG_SHOT_WIDTH / short, LONG_SHOT_HEIGHT / long) : LONG_SIDE / long);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A JPEG no larger than it need be; the file itself where it is small, moves, or cannot be drawn
 * here. `mustDraw`: the server could not read it (HEIC); null then where the browser cannot either. */
export async function shrunk(file: Blob, mustDraw: boolean): Promise<Blob | null> {
  if (!mustDraw && (file.size <= SMALL_BYTES || file.type === "image/gif")) return file;
  const instead = mustDraw ? null : file;
  if (typeof createImageBitmap !== "function") return instead;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return instead;
  }
  try {
    const { width, height } = drawnSize(bitmap.width, bitmap.height);
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    if (!pen) return instead;
    pen.fillStyle = "#fff"; // see-through parts would turn black
    pen.fillRect(0, 0, width, height);
    pen.drawImage(bitmap, 0, 0, width, height);
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!drawn) return instead;
    return mustDraw || drawn.size < file.size ? drawn : file;
  } finally {
    bitmap.close();
  }
}
