// @ts-check
/** What the extension keeps: recordings, steps and pictures in IndexedDB, the connection in chrome.storage.local. */

const NAME = "recordings";
const VERSION = 1;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
const open = () =>
  (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("recordings", { keyPath: "id" });
      const steps = database.createObjectStore("steps", { keyPath: ["recordingId", "id"] });
      steps.createIndex("recording", "recordingId");
      steps.createIndex("moment", ["recordingId", "moment"]);
      steps.createIndex("picture", "pictureId");
      const pictures = database.createObjectStore("pictures", { keyPath: "id" });
      pictures.createIndex("recording", "recordingId");
      pictures.createIndex("hover", ["recordingId", "hoverAt"]);
      database.createObjectStore("moments", { keyPath: ["recordingId", "moment"] }).createIndex("recording", "recordingId");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      opened = null;
      reject(request.error);
    };
  }));

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Work in one transaction: what `work` awaits must be requests of that transaction. Kept on the disk when it resolves.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {string[]} names
 * @param {(...stores: IDBObjectStore[]) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function within(mode, names, work) {
  const transaction = (await open()).transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
  ended.catch(() => undefined);
  try {
    const result = await work(...names.map((name) => transaction.objectStore(name)));
    await ended;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It had ended already.
    }
    throw error;
  }
}

/** @returns {Promise<WpStoredRecording[]>} Newest first. */
export const recordings = async () => {
  /** @type {WpStoredRecording[]} */
  const all = await within("readonly", ["recordings"], (store) => done(store.getAll()));
  return all.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
};

/**
 * @param {string} id
 * @returns {Promise<WpStoredRecording | undefined>}
 */
export const recording = (id) => within("readonly", ["recordings"], (store) => done(store.get(id)));

/** @param {WpStoredRecording} added */
export const addRecording = (added) => within("readwrite", ["recordings"], (store) => done(store.add(added)));

/**
 * Nothing happens to one that is not there, or not in one of the states `from`.
 * @param {string} id
 * @param {Partial<WpStoredRecording>} change
 * @param {WpState[]} [from]
 * @returns {Promise<WpStoredRecording | undefined>} As it is now; undefined when nothing happened.
 */
export const changeRecording = (id, change, from) =>
  within("readwrite", ["recordings"], async (store) => {
    /** @type {WpStoredRecording | undefined} */
    const found = await done(store.get(id));
    if (!found || (from && !from.includes(found.state))) return undefined;
    const changed = { ...found, ...change };
    store.put(changed);
    return changed;
  });

/**
 * The steps in their order, without those that were taken back; the dropped ones too.
 * @param {string} recordingId
 * @returns {Promise<WpStoredStep[]>}
 */
export const stepsOf = async (recordingId) => {
  /** @type {WpStoredStep[]} */
  const all = await within("readonly", ["steps"], (store) => done(store.index("recording").getAll(recordingId)));
  return all.filter((step) => !step.gone).sort((one, other) => one.order - other.order);
};

/**
 * What the person decided about a step.
 * @param {string} recordingId
 * @param {string} id
 * @param {Partial<Pick<WpStoredStep, "dropped" | "hidden">>} change
 */
export const changeStep = (recordingId, id, change) =>
  within("readwrite", ["steps"], async (store) => {
    const found = await done(store.get([recordingId, id]));
    if (found) store.put({ ...found, ...change });
  });

/**
 * @param {string} id
 * @returns {Promise<WpPicture | undefined>}
 */
export const picture = (id) => within("readonly", ["pictures"], (store) => done(store.get(id)));

/**
 * @param {IDBObjectStore} store
 * @param {string} recordingId
 */
async function clear(store, recordingId) {
  for (const key of await done(store.index("recording").getAllKeys(recordingId))) store.delete(key);
}

/**
 * Its steps, pictures and moments, but not the recording's own row.
 * @param {string} recordingId
 */
export const deleteContent = (recordingId) =>
  within("readwrite", ["steps", "pictures", "moments"], async (...stores) => {
    for (const store of stores) await clear(store, recordingId);
  });

/**
 * Everything of it.
 * @param {string} recordingId
 */
export const deleteRecording = (recordingId) =>
  within("readwrite", ["recordings", "steps", "pictures", "moments"], async (rows, ...stores) => {
    rows.delete(recordingId);
    for (const store of stores) await clear(store, recordingId);
  });

/**
 * Content scripts, and thus pages that broke out of their sandbox, cannot read the token. What frames lay down for a worker
 * that is ended while it hears them is the one thing that they can write.
 */
export async function protect() {
  await chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
  await chrome.storage.session.setAccessLevel({ accessLevel: "TRUSTED_AND_UNTRUSTED_CONTEXTS" });
}

/** @returns {Promise<WpConnection | null>} */
export const connection = async () =>
  /** @type {WpConnection | undefined} */ ((await chrome.storage.local.get("connection"))["connection"]) ?? null;

/** @param {WpConnection | null} made */
export const setConnection = (made) =>
  made ? chrome.storage.local.set({ connection: made }) : chrome.storage.local.remove("connection");

const ASKING = "asking";

/**
 * The wish outlives the page that asks; while that lives, nobody else takes it.
 * @param {WpWish} wish
 * @param {() => Promise<boolean>} ask
 * @returns {Promise<boolean>}
 */
export const wishing = (wish, ask) =>
  navigator.locks.request(ASKING, async () => {
    await chrome.storage.local.set({ wish });
    try {
      return await ask();
    } finally {
      await chrome.storage.local.remove("wish");
    }
  });

/** @returns {Promise<WpWish | null>} Of a page that is gone; given once. */
export const takeWish = () =>
  navigator.locks.request(ASKING, async () => {
    const { wish } = await chrome.storage.local.get("wish");
    await chrome.storage.local.remove("wish");
    return /** @type {WpWish | undefined} */ (wish) ?? null;
  });
