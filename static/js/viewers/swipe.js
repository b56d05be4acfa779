// One finger drawn quickly to the left or the right: to the next work, or back.
const FAR = 48; // px
const QUICK = 500; // ms
const FLAT = 2; // times as far across as up or down

// `onSwipe(1)` for the next, `onSwipe(-1)` back; `isFree()` is false while a finger means something else. A second
// finger makes it a pinch, on an enlarged page it moves the page, and what the browser takes for scrolling it cancels.
export const swipes = (element, onSwipe, isFree) => {
  let start = null;

  const end = ({ isPrimary, clientX, clientY, timeStamp }) => {
    if (!start || !isPrimary) return;
    const [across, down] = [clientX - start.clientX, clientY - start.clientY];
    const isSwipe = Math.abs(across) > Math.max(FAR, FLAT * Math.abs(down)) && timeStamp - start.timeStamp < QUICK;
    start = null;
    if (isSwipe && isFree()) onSwipe(across < 0 ? 1 : -1);
  };

  element.addEventListener("pointerdown", (event) => {
    const isAlone = event.pointerType === "touch" && event.isPrimary && !(window.visualViewport.scale > 1);
    start = isAlone && isFree() ? event : null;
  });
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", () => (start = null));
};
