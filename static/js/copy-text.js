// <copy-text>: its button copies data-text, or else the code beside it, and says so.

const SAID_FOR = 2000; // ms

class CopyText extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    if (!navigator.clipboard) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.copy());
  }

  async copy() {
    await navigator.clipboard.writeText(this.dataset.text ?? this.querySelector("code").textContent);
    const label = [...this.button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
    this.says ??= label.textContent;
    label.textContent = "Copied";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      label.textContent = this.says;
    }, SAID_FOR);
  }
}

customElements.define("copy-text", CopyText);
