/** Pictures on their way up: one after the other, again by themselves when the network is back, and
 * kept over a reload where the tab's storage has room. */

import { ApiError } from "./api";
import type { Clock } from "./connection";
import type { Delivery } from "./delivery";
import type { Pending } from "./outbox";
import { uploadPicture } from "./pictures";
import type { KeyStore } from "./storage";

const KEPT_BYTES = 1_500_000; // of one picture; a tab's storage holds about five million characters
const AGAIN_AFTER_MS = 2_500; // the house asked to go slower
const LOST = "页面刷新过，这张图片请再选一次";

const key = (id: string): string => `dianxiaoer.picture.${id}`;

export interface UploadsOptions {
  base: string;
  token: () => string;
  delivery: Delivery;
  store: KeyStore;
  clock: Clock;
  upload?: typeof uploadPicture;
}

export class Uploads {
  private readonly files = new Map<string, Blob>();
  private running: Promise<void> | null = null;

  constructor(private readonly options: UploadsOptions) {}

  has(id: string): boolean {
    return this.files.has(id);
  }

  add(id: string, file: Blob): void {
    this.files.set(id, file);
    void this.keep(id, file);
    this.flush();
  }

  retry(id: string): void {
    const pending = this.options.delivery.find(id);
    if (pending) Object.assign(pending, { state: "uploading", problem: "", progress: 0 });
    this.flush();
  }

  forget(id: string): void {
    this.files.delete(id);
    this.options.store.removeItem(key(id));
  }

  /** Takes up pictures that a reload interrupted; what could not be kept is told. */
  restore(pending: readonly Pending[]): void {
    for (const one of pending) {
      if (one.frame || this.files.has(one.id)) continue;
      const file = fileOf(this.options.store.getItem(key(one.id)));
      if (!file) {
        this.options.delivery.fail(one.id, LOST);
        continue;
      }
      this.files.set(one.id, file);
      one.picture = { url: URL.createObjectURL(file), width: 0, height: 0 };
      Object.assign(one, { state: "uploading", problem: "", progress: 0 });
    }
    this.flush();
  }

  /** Sends up what waits, in its order; called again when the line is back. */
  flush(): void {
    this.running ??= this.run().finally(() => (this.running = null));
  }

  private async run(): Promise<void> {
    for (let id = this.next(); id; id = this.next()) {
      if (!(await this.up(id))) return; // no network: the next ready line calls again
    }
  }

  private next(): string | undefined {
    return [...this.files.keys()].find((id) => this.options.delivery.find(id)?.state === "uploading");
  }

  /** False where nothing gets through now. */
  private async up(id: string): Promise<boolean> {
    const { base, token, delivery, upload = uploadPicture } = this.options;
    const pending = delivery.find(id);
    const file = this.files.get(id);
    if (!pending || !file) return true;
    try {
      const picture = await upload(base, token(), file, (share) => void (pending.progress = share));
      this.forget(id);
      const shown = pending.picture?.url ?? "";
      if (shown.startsWith("blob:")) URL.revokeObjectURL(shown);
      pending.picture = picture;
      delivery.release(id, { type: "send", id, kind: "picture", picture_id: picture.picture_id });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pending.progress = 0;
      if (error.status === 0) return false;
      if (error.code === "too_fast") {
        await new Promise<void>((go) => this.options.clock.setTimeout(go, AGAIN_AFTER_MS));
        return true;
      }
      delivery.fail(id, error.message);
      return true;
    }
  }

  private async keep(id: string, file: Blob): Promise<void> {
    if (file.size > KEPT_BYTES || typeof FileReader === "undefined") return;
    const reader = new FileReader();
    const text = await new Promise<string>((resolve) => {
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => resolve("");
      reader.readAsDataURL(file);
    });
    if (text && this.files.has(id)) this.options.store.setItem(key(id), text);
  }
}

function fileOf(data: string | null): Blob | null {
  const match = /^data:([\w/+.-]+);base64,(.+)$/.exec(data ?? "");
  if (!match) return null;
  return new Blob([Uint8Array.from(atob(match[2]!), (sign) => sign.charCodeAt(0))], { type: match[1]! });
}
