/** Browser storage that may be forbidden (embedded pages, private mode) or fill up: then memory
 * stands in. */

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
  let store: Storage;
  try {
    store = choose();
    const probe = "dianxiaoer.probe";
    store.setItem(probe, "1");
    store.removeItem(probe);
  } catch {
    return memoryStore();
  }
  const beside = memoryStore(); // what found no room; gone with the page, and the chat goes on
  return {
    getItem: (key) => beside.getItem(key) ?? store.getItem(key),
    setItem: (key, value) => {
      try {
        store.setItem(key, value);
        beside.removeItem(key);
      } catch {
        beside.setItem(key, value);
        store.removeItem(key);
      }
    },
    removeItem: (key) => {
      beside.removeItem(key);
      store.removeItem(key);
    },
  };
}
