/** Pictures a buyer sends: checked here first, so that a wrong file gets a kind word at once. */

import { ApiError, problemOf } from "./api";
import type { UploadedPicture } from "./protocol";
import { shrunk } from "./shrinking";

export const PICTURE_TYPES = "image/*"; // phones offer the camera for this, and turn HEIC into JPEG
export const MOST_AT_ONCE = 9;
const MAX_BYTES = 8 * 1024 * 1024;
const UPLOAD_WITHIN_MS = 120_000;

type Kind = "picture" | "heic" | "video" | "other";

/** The picture as it is to be sent; a kind sentence where it cannot be. Looks at the first bytes: a
 * text file named .jpg calls itself a picture. */
export async function fitToSend(file: Blob): Promise<{ file: Blob } | { problem: string }> {
  if (file.size === 0) return { problem: "这张图片是空的，换一张试试吧" };
  const kind = kindOf(new Uint8Array(await file.slice(0, 32).arrayBuffer()));
  if (kind === "video") return { problem: "视频我还看不了，请拍几张照片发给我" };
  if (kind === "other") return { problem: "这个文件发不了，请选 JPG、PNG、WebP 或 GIF 图片" };
  const small = await shrunk(file, kind === "heic");
  if (!small) {
    return {
      problem:
        "这是 HEIC 照片，这里打不开。可以截个图发来，或在 iPhone「设置 → 相机 → 格式」选「兼容性最佳」再拍",
    };
  }
  return small.size > MAX_BYTES ? { problem: "图片有点大，8MB 以内的就可以哦" } : { file: small };
}

export function kindOf(head: Uint8Array): Kind {
  const text = String.fromCharCode(...head);
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "picture";
  if (/^(\x89PNG\r\n\x1a\n|GIF87a|GIF89a)/.test(text)) return "picture";
  if (text.startsWith("RIFF")) return text.slice(8, 12) === "WEBP" ? "picture" : "other";
  if (text.slice(4, 8) === "ftyp") return /^(hei|hev|mif|msf|avi)/.test(text.slice(8, 12)) ? "heic" : "video";
  return text.startsWith("\x1aE\xdf\xa3") ? "video" : "other";
}

/** Throws ApiError. XMLHttpRequest, because fetch tells nothing of an upload's progress. */
export function uploadPicture(
  base: string,
  token: string,
  file: Blob,
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
    form.append("file", file, "picture.jpg");
    request.send(form);
  });
}
