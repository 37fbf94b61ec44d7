/** Browser storage that may be forbidden (embedded pages, private mode): then memory stands in. */

export interface KeyStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function memoryStore(): KeyStore {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** `choose` names the storage, e.g. `() => localStorage`: reading the name itself may throw. */
export function browserStore(choose: () => Storage): KeyStore {
  try {
    const store = choose();
    const probe = "dianxiaoer.probe";
    store.setItem(probe, "1");
    store.removeItem(probe);
    return store;
  } catch {
    return memoryStore();
  }
}
