/** Pictures a buyer sends: checked here first, so that a wrong file gets a kind word at once. */

import { ApiError, problemOf } from "./api";
import type { UploadedPicture } from "./protocol";

export const PICTURE_TYPES = "image/jpeg,image/png,image/webp,image/gif";
const MAX_BYTES = 8 * 1024 * 1024;
const UPLOAD_WITHIN_MS = 120_000;

/** A kind sentence when the file cannot be sent, null when it can. Looks at the first bytes too:
 * a text file named .jpg calls itself a picture. */
export async function pictureProblem(file: Blob): Promise<string | null> {
  if (file.size === 0) return "这张图片是空的，换一张试试吧";
  if (file.size > MAX_BYTES) return "图片有点大，8MB 以内的就可以哦";
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  return isPicture(head) ? null : "这个文件发不了，请选 JPG、PNG、WebP 或 GIF 图片";
}

function isPicture(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return (
    (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) ||
    text.startsWith("\x89PNG\r\n\x1a\n") ||
    text.startsWith("GIF87a") ||
    text.startsWith("GIF89a") ||
    (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP")
  );
}

/** Throws ApiError. XMLHttpRequest, because fetch tells nothing of an upload's progress. */
export function uploadPicture(
  base: string,
  token: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<UploadedPicture> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const unreachable = (): void => reject(new ApiError(0, "unreachable", "图片没传上去，点一下重试"));
    request.open("POST", `${base}/api/chat/pictures`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.timeout = UPLOAD_WITHIN_MS;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = request.ontimeout = unreachable;
    request.onload = () => {
      if (request.status >= 300) return reject(problemOf(request.status, request.responseText));
      try {
        resolve(JSON.parse(request.responseText) as UploadedPicture);
      } catch {
        unreachable();
      }
    };
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
