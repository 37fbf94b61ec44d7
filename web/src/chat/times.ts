/** Times as a chat shows them: seldom, and as short as the day allows. */

const GAP_MS = 5 * 60_000;

/** True where a time should stand above a message: the first one, and after a pause. */
export function startsGroup(at: string, before: string | undefined): boolean {
  return before === undefined || Date.parse(at) - Date.parse(before) > GAP_MS;
}

/** 14:05 · 昨天 14:05 · 3月8日 14:05 · 2023年3月8日 14:05, in the reader's time zone. */
export function timeLabel(at: string, now: Date = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days <= 0) return clock;
  if (days === 1) return `昨天 ${clock}`;
  const day = `${date.getMonth() + 1}月${date.getDate()}日 ${clock}`;
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}年${day}`;
}

/** 14:05 · 明天 14:05 · 3月8日 14:05: when something is due. */
export function dueLabel(at: string, now: Date = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
  if (days === 1) return `明天 ${clock}`;
  return days > 1 ? `${date.getMonth() + 1}月${date.getDate()}日 ${clock}` : timeLabel(at, now);
}

/** 刚刚 · 3分钟 · 2小时: how long somebody has been waiting. */
export function waitLabel(since: string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - Date.parse(since)) / 60_000);
  if (!(minutes >= 1)) return "刚刚";
  return minutes < 60 ? `${minutes}分钟` : `${Math.floor(minutes / 60)}小时${minutes % 60}分`;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
