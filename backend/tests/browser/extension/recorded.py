"""A recording that waits for review, put into the store without recording it."""

from tests.browser.extension.loaded import Extension

PUT = """
async ([name, count]) => {
  const { addRecording, within } = await import("/store.js");
  const id = crypto.randomUUID();
  const now = Date.now();
  await addRecording({
    id, name, state: "review", startedAt: new Date(now).toISOString(), startingUrl: "https://crm.example/",
    idempotencyKey: crypto.randomUUID(), problem: null, attempts: 0, nextAttemptAt: null, workflowUrl: null,
    cannot: [], progress: null, body: null,
  });
  for (let nth = 1; nth <= count; nth++) {
    const canvas = new OffscreenCanvas(400, 300);
    const context = canvas.getContext("2d");
    context.fillStyle = `rgb(${Math.floor(Math.random() * 200)} ${nth} 200)`;
    context.fillRect(0, 0, 400, 300);
    const blob = await canvas.convertToBlob({ type: "image/webp" });
    const picture = { id: crypto.randomUUID(), recordingId: id, blob, width: 400, height: 300, scale: 1,
      screenshotId: null, hoverAt: null };
    const target = { tag: "button", role: "button", name: `Button ${nth}`, text: null, attributes: {},
      selectors: ["#b"], box: { x: 10, y: 10, width: 90, height: 20 }, frame: [],
      context: { label: null, placeholder: null, heading: null, section: null, row: null, column: null,
        nearby: null } };
    const page = { url: "https://crm.example/", title: "Contacts", viewport: { width: 400, height: 300 } };
    const step = { action: "click", timestamp: new Date(now + nth).toISOString(), target, value: null,
      value_kind: null, page };
    await within("readwrite", ["steps", "pictures"], (steps, pictures) => {
      pictures.add(picture);
      steps.add({ recordingId: id, id: `s${nth}`, order: nth, step, pictureId: picture.id, noPicture: null,
        dropped: false, hidden: [], seq: nth, moment: null, tabId: 1, undone: false, gone: false });
    });
  }
  return id;
}
"""


def put(extension: Extension, name: str, steps: int = 2) -> str:
    """Its id."""
    recording_id: str = extension.desk.evaluate(PUT, [name, steps])
    return recording_id
