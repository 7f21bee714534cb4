// What the browser does by itself: theme, upload, clipboard, focus, dialogs, and the keys of grid and drawer.
//
// Upload contract with the server (a zone of own emission factors posts to /app/factor-sets, with the mode confirm where figures are doubtful;
// it answers 201, 409 { warnings } or 422 { errors }):
//   POST /app/imports   multipart/form-data: kind, mode (none | replace | append), file (last, so that a streaming reader knows the rest first)
//                       header RequestVerificationToken: the value of the hidden field __RequestVerificationToken in the drop zone's form
//   202 { id }                       accepted, a job loads it
//   200 { id }                       identical bytes are already there: the existing import
//   409 { detail, periods }          problem details: months that are already there; periods: account, billingMonth, state (current | loading), rows, fileName. Sent again with mode
//   422 { reason, fix, line }        problem details: the file is refused as a whole; line may be null
//   401, 503, 507 { title, detail }  problem details: signed out meanwhile, database away, disk full; nothing was stored, the file may be sent again
//   403, 413 and other statuses answer problem details with a detail, which the page shows.
//   Names that end like a spreadsheet's go to the zone's data-sheet-action instead: 201 or 200 { draftId } is a draft of the import wizard, 200 { id } an import.
(() => {
  'use strict';
  const root = document.documentElement;

  const theme = {
    read: () => { try { return localStorage.getItem('og-theme') || 'system'; } catch { return 'system'; } },
    apply: () => {
      const chosen = theme.read();
      if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen; else delete root.dataset.theme;
      return chosen;
    },
    set: (value) => {
      try { if (value === 'system') localStorage.removeItem('og-theme'); else localStorage.setItem('og-theme', value); } catch { /* private window: the choice lasts for this page */ }
      theme.apply();
    },
  };
  theme.apply();

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* no permission or no https: fall through */ }
    const area = Object.assign(document.createElement('textarea'), { value: text });
    area.setAttribute('readonly', '');
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };

  const focus = (selector) => {
    const element = document.querySelector(selector);
    if (!element) return false;
    if (!element.matches('a[href], button, input, select, textarea, [tabindex]')) element.tabIndex = -1;
    element.focus();
    return true;
  };

  // For a control that has gone with what it did: the browser then puts the focus on the body.
  const focusIfLost = (selector) => document.activeElement === document.body && focus(selector);

  // One upload at a time per drop zone. The file stays here, so that it can be sent again with a mode after a conflict.
  const uploads = new WeakMap();
  // Chosen before the server's component listens, by where it is to go; sent once it does.
  const early = new Map();
  // The page may have been left meanwhile; then nobody is there to tell.
  const tell = (page, ...args) => page.invokeMethodAsync(...args).catch(() => { });
  let sending = 0;
  window.addEventListener('beforeunload', (e) => { if (sending > 0) e.preventDefault(); });
  const upload = {
    attach: (zone, page) => {
      const state = { page, file: null, mode: 'none', action: null, request: null };
      uploads.set(zone, state);
      const isSheet = (name) => (zone.dataset.sheetEndings ?? '').split(' ').includes(name.split('.').pop().toLowerCase());
      const take = (file) => {
        if (!file || state.request) return;
        Object.assign(state, { file, action: isSheet(file.name) ? zone.dataset.sheetAction : null });
        upload.send(zone, 'none');
      };
      state.take = take;
      zone.addEventListener('dragover', (e) => { e.preventDefault(); zone.classList.add('is-over'); });
      zone.addEventListener('dragleave', (e) => { if (!zone.contains(e.relatedTarget)) zone.classList.remove('is-over'); });
      zone.addEventListener('drop', (e) => { e.preventDefault(); zone.classList.remove('is-over'); take(e.dataTransfer.files[0]); });
      take(early.get(zone.dataset.action));
      early.delete(zone.dataset.action);
    },
    send: (zone, mode) => {
      const state = uploads.get(zone);
      if (!state || !state.file) return;
      const body = new FormData();
      body.append('kind', zone.dataset.kind);
      body.append('mode', mode);
      // What else the zone asks for beside the file.
      for (const field of zone.querySelectorAll('[data-field]')) body.append(field.name, field.value);
      body.append('file', state.file, state.file.name);
      const request = new XMLHttpRequest();
      state.request = request;
      state.mode = mode;
      let told = 0;
      request.open('POST', state.action ?? zone.dataset.action);
      request.setRequestHeader('RequestVerificationToken', zone.querySelector('[name=__RequestVerificationToken]')?.value ?? '');
      request.setRequestHeader('Accept', 'application/json');
      request.upload.addEventListener('progress', (e) => {
        const now = performance.now();
        if (now - told < 200 && e.loaded < e.total) return;
        told = now;
        tell(state.page, 'OnProgress', e.loaded, e.total);
      });
      request.addEventListener('loadend', () => {
        state.request = null;
        sending--;
        tell(state.page, 'OnAnswer', request.status, request.responseText || '');
      });
      sending++;
      tell(state.page, 'OnStart', state.file.name, state.file.size);
      request.send(body);
    },
    again: (zone) => upload.send(zone, uploads.get(zone)?.mode ?? 'none'),
    sendAsSheet: (zone) => {
      const state = uploads.get(zone);
      if (!state) return;
      state.action = zone.dataset.sheetAction;
      upload.send(zone, 'none');
    },
    cancel: (zone) => uploads.get(zone)?.request?.abort(),
    forget: (zone) => { const state = uploads.get(zone); if (state) state.file = null; },
  };
  // Not by way of the server: a browser lets a page ask for files only for some seconds after the click. Blazor may put another form in the place of this
  // one while the dialog is open; the file goes to the one that is there.
  const chosen = (input, { action }) => {
    const file = input.files[0];
    input.value = '';
    if (!file) return;
    const state = uploads.get([...document.forms].find((zone) => zone.dataset.action === action));
    if (state) state.take(file); else early.set(action, file);
  };
  document.addEventListener('click', (e) => {
    const form = e.target.closest('[data-choose-file]')?.closest('form');
    if (!form) return;
    const input = form.querySelector('input[type=file]');
    input.onchange = () => { if (!input.isConnected) chosen(input, form.dataset); };
    input.click();
  });
  document.addEventListener('change', (e) => { if (e.target.matches('form[data-action] input[type=file]')) chosen(e.target, e.target.form.dataset); });

  // Esc closes the drawer from anywhere; up and down step only from inside it or from a number, so that the page still scrolls.
  const drawer = {
    page: null,
    open: (page) => { drawer.page = page; },
    close: () => { drawer.page = null; },
  };
  document.addEventListener('keydown', (e) => {
    if (!drawer.page || e.defaultPrevented || e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === 'Escape' && !document.querySelector('.rz-dialog, dialog.og-modal[open]') && !e.target.closest?.('details[open].og-menu')) { tell(drawer.page, 'OnKey', 'Escape'); return; }
    if (e.key !== 'ArrowUp' && e.key !== 'ArrowDown') return;
    if (!e.target.closest?.('[data-trail-keys]') || e.target.closest('input, select, textarea, pre')) return;
    e.preventDefault();
    tell(drawer.page, 'OnKey', e.key);
  });

  // Where there is no circuit, or none any more: copying, and the facts of a failure that the server cannot write.
  document.addEventListener('click', async (e) => {
    const button = e.target.closest('[data-copy]');
    if (!button) return;
    const said = await copy(button.dataset.copy) ? 'Copied' : 'Copying is not allowed here; select the text instead';
    const status = button.parentElement.querySelector('[role=status]');
    if (!status) return;
    status.textContent = said;
    setTimeout(() => { status.textContent = ''; }, 4000);
  });
  document.addEventListener('change', (e) => { if (e.target.matches('[data-submit]')) e.target.form.requestSubmit(); });
  const tellFacts = (message) => {
    const facts = message.querySelector('[data-browser-facts]');
    const circuit = document.querySelector('[data-circuit]')?.dataset.circuit;
    if (!facts || !circuit || !facts.hidden) return;
    facts.querySelector('[data-fact=circuit]').textContent = circuit;
    facts.querySelector('[data-copy]').dataset.copy = circuit;
    facts.querySelector('[data-fact=time]').textContent = new Date().toISOString().replace('T', ', ').slice(0, 20) + ' UTC';
    facts.querySelector('[data-fact=path]').textContent = location.pathname;
    facts.hidden = false;
  };
  document.addEventListener('DOMContentLoaded', () => {
    for (const id of ['blazor-error-ui', 'components-reconnect-modal']) {
      const message = document.getElementById(id);
      new MutationObserver(() => {
        // A connection that is back leaves the next failure its own time.
        if (getComputedStyle(message).display === 'none') message.querySelector('[data-browser-facts]').hidden = true; else tellFacts(message);
      }).observe(message, { attributes: true, attributeFilter: ['class', 'style'] });
    }
  });

  // Rows of a grid: up and down, Home and End move; right opens a group, then goes into it; left closes it, then goes to the one above.
  const stops = (grid) => [...grid.querySelectorAll('tbody [data-row], tbody .og-trail-number')].filter((stop) => stop.getClientRects().length > 0);
  document.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const grid = e.target.closest?.('[data-grid-keys]');
    if (!grid || !e.target.matches('[data-row], .og-trail-number')) return;
    const all = stops(grid);
    const at = all.indexOf(e.target);
    const depth = (stop) => Number(stop.closest('tr').dataset.depth);
    const expanded = e.target.getAttribute('aria-expanded');
    let to = null;
    switch (e.key) {
      case 'ArrowDown': to = all[at + 1]; break;
      case 'ArrowUp': to = all[at - 1]; break;
      case 'Home': to = all[0]; break;
      case 'End': to = all[all.length - 1]; break;
      case 'ArrowRight':
        if (expanded === 'false') e.target.click();
        else if (expanded === 'true' && all[at + 1] && depth(all[at + 1]) > depth(e.target)) to = all[at + 1];
        break;
      case 'ArrowLeft':
        if (expanded === 'true') e.target.click();
        else to = all.slice(0, at).reverse().find((stop) => depth(stop) < depth(e.target));
        break;
      default: return;
    }
    e.preventDefault();
    to?.focus();
  });

  // Dialogs that the server draws and the browser opens, so that they are there at once. The element gives the focus back when it closes.
  const dialogs = {
    open: (id) => {
      const dialog = document.getElementById(id);
      if (!dialog || dialog.open) return;
      for (const other of document.querySelectorAll('dialog.og-modal[open]')) other.close();
      for (const menu of document.querySelectorAll('details.og-menu[open], details.og-nav-toggle[open]')) menu.open = false;
      dialog.showModal();
      const input = dialog.querySelector('input');
      if (input) { input.focus(); input.select(); input.dispatchEvent(new Event('input', { bubbles: true })); }
    },
    close: (id) => document.getElementById(id)?.close(),
  };
  const isTyping = (element) => !!element.closest?.('input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]');
  document.addEventListener('keydown', (e) => {
    if (document.querySelector('.rz-dialog')) return;
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k') {
      if (!document.getElementById('og-search')) return;
      e.preventDefault();
      dialogs.open('og-search');
    } else if (!e.ctrlKey && !e.metaKey && !e.altKey && !isTyping(e.target) && !document.querySelector('dialog.og-modal[open]')) {
      if (e.key === '/') { e.preventDefault(); dialogs.open('og-search'); }
      if (e.key === '?') { e.preventDefault(); dialogs.open('og-keys'); }
    }
  });
  document.addEventListener('click', (e) => {
    const opener = e.target.closest('[data-dialog]');
    if (opener) dialogs.open(opener.dataset.dialog);
    const dialog = e.target.closest('dialog.og-modal');
    // A click beside the dialog lands on the element itself.
    if (dialog && (e.target === dialog || e.target.closest('[data-close]'))) dialog.close();
  });
  // The list moves, not the caret; the form of a dialog is not sent.
  document.addEventListener('keydown', (e) => {
    if (e.target.matches?.('[role=combobox]') && (e.key === 'ArrowUp' || e.key === 'ArrowDown' || e.key === 'Enter')) e.preventDefault();
  });
  const reveal = (selector) => document.querySelector(selector)?.scrollIntoView({ block: 'nearest' });

  // Menus are <details>: they close on Esc and on a click elsewhere, which the element alone does not do.
  document.addEventListener('click', (e) => {
    for (const menu of document.querySelectorAll('details.og-menu[open]')) if (!menu.contains(e.target)) menu.open = false;
    if (e.target.closest('details.og-menu a')) e.target.closest('details.og-menu').open = false;
    if (e.target.closest('.og-nav-sheet a')) document.querySelector('.og-nav-toggle')?.removeAttribute('open');
    if (e.target.closest('[data-reload]')) location.reload();
    // Blazor takes links to itself and then only scrolls; the next Tab must go on inside the content.
    if (e.target.closest('.og-skip')) { e.preventDefault(); focus('#content'); }
    const reveal = e.target.closest('[data-reveal]');
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal);
      const shown = field.type === 'text';
      field.type = shown ? 'password' : 'text';
      reveal.setAttribute('aria-pressed', String(!shown));
    }
  });
  document.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    const menu = e.target.closest?.('details[open].og-menu, details[open].og-nav-toggle');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });

  // Enter goes on at once, and not when the server has answered: whoever types quickly would lose the first digits of the next figure.
  document.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || !e.target.dataset?.next) return;
    e.preventDefault(); // else the same key presses the button that is reached at the end
    document.getElementById(e.target.dataset.next)?.focus();
  });

  // A figure that is typed anew takes the place of the old one.
  document.addEventListener('focusin', (e) => { if (e.target.matches?.('input[data-select]')) e.target.select(); });

  const download = (name, text) => {
    const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
    Object.assign(document.createElement('a'), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  window.OffGridFlow = { theme, copy, focus, focusIfLost, reveal, upload, drawer, dialogs, download };
})();
