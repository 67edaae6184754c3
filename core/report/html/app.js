'use strict';
// What the report has is in <script type="application/json"> elements, each parsed when it is first asked for. Everything
// goes into the page as text: no string of a snapshot is ever taken for markup.
const parsed = new Map();
const has = id => document.getElementById('data-' + id) !== null;
function data(id) {
  if (!parsed.has(id)) parsed.set(id, has(id) ? JSON.parse(document.getElementById('data-' + id).textContent) : null);
  return parsed.get(id);
}
function el(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === 'on') for (const [event, take] of Object.entries(value)) made.addEventListener(event, take);
    else if (name in made && name !== 'list') made[name] = value;
    else made.setAttribute(name, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) made.append(child);
  return made;
}
const $ = id => document.getElementById(id);
const count = (n, one, many) => `${n.toLocaleString('en')} ${n === 1 ? one : many || one + 's'}`;
function size(bytes) {
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (bytes < 1000 || unit === 'GB') return `${bytes < 10 && unit !== 'B' ? bytes.toFixed(1) : Math.round(bytes)} ${unit}`;
    bytes /= 1000;
  }
}
/// `commands` within a sentence.
const prose = text => text.split('`').map((part, i) => i % 2 ? el('code', {}, part) : part);

// A list of any length, of which only what is seen is in the page.
class List {
  constructor(box, row, choose) {
    this.box = box; this.row = row; this.choose = choose; this.rows = []; this.at = -1; this.height = 30;
    this.space = el('div'); box.append(this.space);
    box.tabIndex = 0; box.setAttribute('role', 'listbox');
    box.addEventListener('scroll', () => this.draw());
    box.addEventListener('keydown', event => this.key(event));
    new ResizeObserver(() => this.draw()).observe(box);
  }
  show(rows) { this.rows = rows; this.at = -1; this.box.scrollTop = 0; this.draw(); }
  // Browsers bound an element's height, so a long list is scrolled in proportion.
  draw() {
    const most = 8e6, all = this.rows.length * this.height, shown = Math.min(all, most), view = this.box.clientHeight;
    const part = shown > view ? this.box.scrollTop / (shown - view) : 0;
    const top = all > most ? part * (all - view) : this.box.scrollTop;
    this.space.style.height = shown + 'px';
    for (const old of [...this.box.querySelectorAll('.item')]) old.remove();
    const first = Math.max(0, Math.floor(top / this.height) - 4), last = Math.min(this.rows.length, Math.ceil((top + view) / this.height) + 4);
    for (let i = first; i < last; ++i) {
      const item = el('div', {className: 'item', role: 'option'}, this.row(this.rows[i]));
      item.style.top = (i * this.height - top + this.box.scrollTop) + 'px';
      item.setAttribute('aria-selected', i === this.at);
      item.addEventListener('click', () => this.select(i));
      this.box.append(item);
    }
  }
  select(i) {
    if (i < 0 || i >= this.rows.length) return;
    this.at = i;
    const all = this.rows.length * this.height;
    if (all <= 8e6) {
      if (i * this.height < this.box.scrollTop) this.box.scrollTop = i * this.height;
      if ((i + 1) * this.height > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = (i + 1) * this.height - this.box.clientHeight;
    }
    this.draw(); this.choose(this.rows[i]);
  }
  key(event) {
    const page = Math.floor(this.box.clientHeight / this.height);
    const to = {ArrowDown: this.at + 1, ArrowUp: Math.max(0, this.at - 1), PageDown: Math.min(this.rows.length - 1, this.at + page), PageUp: Math.max(0, this.at - page),
      Home: 0, End: this.rows.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault(); this.select(to);
  }
}

function verdicts() {
  const report = data('verify'), info = data('info') || {}, counts = report.counts || {};
  const flawed = report.backup !== 'sound';
  const told = (n, word) => n ? [count(n, word)] : [];
  const words = [...told(counts.errors, 'error'), ...told(counts.warnings, 'warning'), ...told(counts.notes, 'note')].join(', ') || 'nothing found';
  const cluster = {clear: ['good', 'Clear', 'Nothing in it needs somebody to act.'],
    concerns: ['warn', 'Concerns', 'It restores, and somebody has to act or to know: see the findings.'],
    unchecked: ['', 'Not checked', 'No Kubernetes was found in it, or nothing could be looked at.']}[report.cluster];
  $('verdicts').append(
    el('div', {className: 'verdict ' + (flawed ? 'bad' : 'good'), id: 'backup-verdict'}, el('span', {className: 'label'}, 'The backup'), el('strong', {}, flawed ? 'Flawed' : 'Sound'),
      flawed ? 'It would not restore as it is, or not all of it.' : 'It would restore.', ' ', el('span', {className: 'soft'}, words + '.')),
    el('div', {className: 'verdict ' + cluster[0], id: 'cluster-verdict'}, el('span', {className: 'label'}, 'The cluster in it'), el('strong', {}, cluster[1]), cluster[2]));
  const kube = (info.kubernetes || [])[0];
  const facts = [['Revision', report.revision === null || report.revision === undefined ? 'not known' : (report.revisionAtLeast ? 'at least ' : '') + report.revision],
    ['Taken', info.takenAt && info.takenAt.time ? (info.takenAt.certainty === 'notBefore' ? 'not before ' : '') + info.takenAt.time : 'not known'],
    ['Kubernetes', kube && kube.version && kube.version.release], ['etcd', info.writtenBy && info.writtenBy.version],
    ['Objects', report.objects && report.objects.toLocaleString('en')], ['File', info.size && size(info.size)],
    ['Trailer', report.trailer], ['Members', (info.members || []).map(m => m.name || m.id).join(', ')], ['Cluster id', report.clusterId], ['SHA-256', report.sha256]];
  for (const [name, value] of facts) if (value) $('facts').append(el('div', {}, el('dt', {}, name), el('dd', {className: name === 'SHA-256' || name === 'Cluster id' ? 'mono' : ''}, String(value))));
}

function findings() {
  const rank = {error: 0, warning: 1, note: 2};
  const all = [...data('verify').findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
  $('findings-count').textContent = all.length ? `${count(all.length, 'finding')}, what matters most first.` : 'Nothing was found.';
  const one = f => {
    const at = f.place || {}, place = [at.file, at.page !== undefined && `page ${at.page}`, at.offset !== undefined && `byte ${at.offset}`, at.bucket && `bucket ${at.bucket}`, at.revision && `revision ${at.revision}`];
    return el('div', {className: 'finding'}, el('div', {className: 'badge ' + f.severity}, f.severity), el('div', {}, el('p', {}, prose(f.message)),
      f.remedy && el('p', {className: 'soft'}, prose(f.remedy)), el('p', {className: 'soft mono'}, [f.rule, ...place.filter(Boolean)].join(' · '))));
  };
  const some = 200;
  $('findings-list').append(...all.slice(0, some).map(one));
  if (all.length > some) {
    const more = el('button', {className: 'flat', on: {click: () => { $('findings-list').append(...all.slice(some).map(one)); more.remove(); }}}, `Show ${all.length - some} more`);
    $('findings-list').after(more);
  }
}

// Squarified: rows of boxes as near to squares as they come. Source: Bruls, Huizing, van Wijk, Squarified Treemaps (2000)
function treemap(parts, x, y, w, h, place) {
  let rest = parts.reduce((sum, part) => sum + part.bytes, 0);
  for (let i = 0; i < parts.length && rest > 0;) {
    const side = Math.min(w, h), scale = w * h / rest, row = [];
    let sum = 0, worst = Infinity;
    for (let j = i; j < parts.length; ++j) {
      const next = sum + parts[j].bytes * scale, areas = [...row, parts[j]].map(part => part.bytes * scale);
      const ratio = Math.max(side * side * Math.max(...areas) / (next * next), next * next / (side * side * Math.min(...areas)));
      if (ratio > worst) break;
      worst = ratio; sum = next; row.push(parts[j]);
    }
    const thick = sum / side;
    let along = 0;
    for (const part of row) {
      const length = part.bytes * scale / thick;
      if (w >= h) place(part, x, y + along, thick, length); else place(part, x + along, y, length, thick);
      along += length; rest -= part.bytes;
    }
    if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
    i += row.length;
  }
}

// A snapshot without Kubernetes has keys in place of objects, and parts of them in place of kind and namespace.
const keys = () => has('keys');
function nameKeys() {
  const put = (query, text) => { document.querySelector(query).textContent = text; };
  put('nav a[href="#objects"]', 'Keys'); put('#objects h2', 'Keys'); put('#tab-yaml', 'Value');
  put('#contents .soft', 'Bytes of live keys and their values, by the parts of the keys. A box opens its keys below.');
  put('#timeline-part .soft', 'What the kept revisions tell, in order. etcd keeps no times.');
  put('#objects .soft', 'Press / to search. A value is shown as text or else in hex; of a long one the beginning.');
  put('#object p', 'Choose a key, with the arrow keys or a click.');
  $('by-kind').parentElement.style.display = 'none';
  $('object-list').setAttribute('aria-label', 'Keys');
  for (const id of ['object-filter', 'event-filter']) $(id).placeholder = 'Filter: a part of a key';
}
// The largest parts, and all others as one.
function few(parts, most) {
  if (parts.length <= most) return parts;
  const rest = parts.slice(most), sum = of => rest.reduce((all, part) => all + (part[of] || 0), 0), bytes = sum('bytes');
  return [...parts.slice(0, most), {name: `${rest.length} more`, bytes, count: sum('count'), inner: new Map([['', bytes]]), isRest: true}];
}
const [RESOURCE, NAMESPACE, NAME, REVISION, BYTES, KEY] = [0, 1, 2, 3, 4, 5];
function shares(by, within) {
  const sums = new Map();
  for (const object of data('objects').rows) {
    const outer = object[by], inner = object[within], sum = sums.get(outer) || {name: outer, bytes: 0, count: 0, inner: new Map()};
    sum.bytes += object[BYTES]; ++sum.count;
    sum.inner.set(inner, (sum.inner.get(inner) || 0) + object[BYTES]);
    sums.set(outer, sum);
  }
  return [...sums.values()].filter(sum => sum.bytes > 0).sort((a, b) => b.bytes - a.bytes);
}
function contents() {
  const draw = by => {
    const box = $('map'), all = few(shares(by, by === RESOURCE ? NAMESPACE : RESOURCE), 250), total = all.reduce((sum, part) => sum + part.bytes, 0);
    const word = name => name || (keys() ? '(no prefix)' : '(whole cluster)'), label = (object, part) => by === RESOURCE ? [object, part] : [part, object];
    box.replaceChildren();
    let colour = 0;
    treemap(all, 0, 0, 100, 100 * box.clientHeight / Math.max(1, box.clientWidth), (outer, x, y, w, h) => {
      const tint = `var(--c${colour++ % 8})`, inner = few([...outer.inner].map(([name, bytes]) => ({name, bytes})).filter(part => part.bytes > 0).sort((a, b) => b.bytes - a.bytes), 60);
      treemap(inner, x, y, w, h, (part, px, py, pw, ph) => {
        const [resource, namespace] = label(outer.name, part.name), whole = `${word(outer.name)}, ${word(part.name)}: ${size(part.bytes)}`;
        const one = el('button', {title: whole, on: {click: () => browse(outer.isRest ? '' : `${resource} ${part.isRest ? '' : namespace}`.trim())}}, el('b', {}, word(outer.name)), el('span', {}, word(part.name)), el('span', {}, size(part.bytes)));
        one.setAttribute('aria-label', whole);
        const scale = 100 / (100 * box.clientHeight / Math.max(1, box.clientWidth));
        Object.assign(one.style, {left: px + '%', top: py * scale + '%', width: pw + '%', height: ph * scale + '%', background: tint});
        if (pw < 5 || ph * scale < 9) one.replaceChildren();
        box.append(one);
      });
    });
    $('shares').replaceChildren(el('tr', {}, el('th', {}, keys() ? 'Prefix' : by === RESOURCE ? 'Kind' : 'Namespace'), el('th', {className: 'num'}, keys() ? 'Keys' : 'Objects'), el('th', {className: 'num'}, 'Bytes'), el('th', {className: 'num'}, 'Share')),
      ...all.slice(0, 12).map(part => el('tr', {}, el('td', {}, word(part.name)), el('td', {className: 'num'}, part.count.toLocaleString('en')), el('td', {className: 'num'}, size(part.bytes)),
        el('td', {className: 'num'}, (100 * part.bytes / total).toFixed(1) + ' %'))));
    for (const [id, own] of [['by-kind', RESOURCE], ['by-namespace', NAMESPACE]]) $(id).setAttribute('aria-pressed', own === by);
  };
  $('by-kind').addEventListener('click', () => draw(RESOURCE));
  $('by-namespace').addEventListener('click', () => draw(NAMESPACE));
  draw(RESOURCE);
}

const valueText = value => value === undefined ? 'nothing' : JSON.stringify(value);
function fields(changes) {
  return (changes || []).map(field => el('div', {className: 'field'}, field.path, ': ', el('span', {className: 'old'}, valueText(field.old)), ' → ', el('span', {className: 'new'}, valueText(field.new))));
}
const known = event => event.time ? (event.timeFrom === 'notBefore' ? 'not before ' : '') + event.time : 'time not known';
function eventWords(event) {
  return [el('p', {}, el('b', {className: event.verb}, event.verb), event.detail ? ` (${event.detail})` : '', ` at revision ${event.revision}${keys() ? '' : ', ' + known(event)}`, event.manager ? `, by ${event.manager}` : ''), ...fields(event.changes)];
}
function timeline() {
  const all = data('timeline').events, buckets = Math.min(120, Math.max(1, all.length));
  const first = all.length ? all[0].revision : 0, last = all.length ? all[all.length - 1].revision : 1;
  const bucket = event => Math.min(buckets - 1, Math.floor((event.revision - first) / Math.max(1, last - first + 1) * buckets));
  const verbs = new Set(['created', 'updated', 'deleted']), family = verb => verb === 'expired' ? 'deleted' : verb === 'compacted' ? 'updated' : verb;
  let chosen = -1;
  const list = new List($('events'), event => [el('span', {className: 'w8 num soft'}, String(event.revision)), el('span', {className: 'w8 ' + event.verb}, event.verb),
    el('span', {className: 'grow'}, event.resource ? `${event.resource}/${event.name}${event.namespace ? ' in ' + event.namespace : ''}` : event.key || event.message), el('span', {className: 'soft w10 num'}, event.time || '')],
    event => $('event').replaceChildren(el('h3', {}, event.key || 'Compaction'), ...(event.verb === 'compacted' ? [el('p', {}, event.message)] : eventWords(event))));
  const draw = () => {
    const text = $('event-filter').value.toLowerCase();
    const held = all.filter(event => verbs.has(family(event.verb)) && (!text || `${event.message} ${event.key}`.toLowerCase().includes(text)));
    list.show(chosen < 0 ? held : held.filter(event => bucket(event) === chosen));
    $('event-count').textContent = count(list.rows.length, 'event');
    chart(held);
  };
  const chart = held => {
    const sums = Array.from({length: buckets}, () => ({created: 0, updated: 0, deleted: 0}));
    for (const event of held) if (event.verb !== 'compacted') ++sums[bucket(event)][family(event.verb)];
    const most = Math.max(1, ...sums.map(sum => sum.created + sum.updated + sum.deleted)), svg = $('chart'), ns = 'http://www.w3.org/2000/svg';
    const rect = (kind, x, y, w, h) => { const made = document.createElementNS(ns, 'rect'); for (const [k, v] of Object.entries({x, y, width: w, height: h, class: kind})) made.setAttribute(k, v); svg.append(made); return made; };
    svg.replaceChildren(); svg.setAttribute('viewBox', `0 0 ${buckets} 100`); svg.setAttribute('preserveAspectRatio', 'none');
    sums.forEach((sum, i) => {
      rect('hit' + (i === chosen ? ' on' : ''), i, 0, 1, 100).addEventListener('click', () => { chosen = chosen === i ? -1 : i; draw(); });
      let top = 100;
      for (const verb of ['updated', 'created', 'deleted']) { const h = 100 * sum[verb] / most; if (h) rect(verb, i + .1, top -= h, .8, h).style.pointerEvents = 'none'; }
    });
    $('axis').replaceChildren(el('span', {}, `revision ${first}`), el('span', {}, `revision ${last}`));
  };
  for (const verb of verbs) {
    const one = el('button', {className: 'flat ' + verb, on: {click: () => { verbs.has(verb) ? verbs.delete(verb) : verbs.add(verb); one.setAttribute('aria-pressed', verbs.has(verb)); draw(); }}}, verb);
    one.setAttribute('aria-pressed', true); $('verbs').append(one);
  }
  $('event-filter').addEventListener('input', draw);
  draw();
}

let browse = () => {};
function objects() {
  const {rows, chunk} = data('objects'), indexed = rows.map((row, i) => i);
  const between = keys() ? '' : ' ', texts = rows.map(row => [row[RESOURCE], row[NAMESPACE], row[NAME]].join(between).toLowerCase());
  const named = row => keys() ? [el('span', {className: 'grow'}, row[RESOURCE] + row[NAMESPACE] + row[NAME])]
    : [el('span', {className: 'w10 soft'}, row[RESOURCE]), el('span', {className: 'grow'}, (row[NAMESPACE] ? row[NAMESPACE] + '/' : '') + row[NAME])];
  let tab = 'yaml', chosen = null;
  const list = new List($('object-list'), i => [...named(rows[i]), el('span', {className: 'w8 num soft'}, size(rows[i][BYTES]))], i => { chosen = i; draw(); });
  const draw = () => {
    if (chosen === null) return;
    const row = rows[chosen], pane = $('object');
    for (const id of ['yaml', 'history']) $('tab-' + id).setAttribute('aria-pressed', id === tab);
    if (tab === 'yaml') return pane.replaceChildren(el('pre', {}, data('y' + Math.floor(chosen / chunk))[chosen % chunk]));
    const events = (has('timeline') ? data('timeline').events : []).filter(event => event.key === row[KEY]);
    pane.replaceChildren(el('p', {className: 'soft'}, `Last written at revision ${row[REVISION]}.`), ...events.map(event => el('div', {className: 'change'}, eventWords(event))),
      events.length ? '' : el('p', {}, 'No kept revision of it tells a change.'));
  };
  const filter = () => {
    const words = $('object-filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    list.show(indexed.filter(i => words.every(word => texts[i].includes(word))));
    $('object-count').textContent = count(list.rows.length, keys() ? 'key' : 'object');
  };
  for (const id of ['yaml', 'history']) $('tab-' + id).addEventListener('click', () => { tab = id; draw(); });
  $('object-filter').addEventListener('input', filter);
  $('object-filter').addEventListener('keydown', event => { if (event.key === 'ArrowDown') { event.preventDefault(); $('object-list').focus(); list.select(0); } });
  browse = words => { $('object-filter').value = words; filter(); $('objects').scrollIntoView(); $('object-filter').focus({preventScroll: true}); };
  filter();
}

function changes() {
  const all = data('diff').changes;
  $('diff-count').textContent = `${count(all.length, keys() ? 'key' : 'object')} differ${all.length === 1 ? 's' : ''} from ${data('meta').other}.`;
  const one = change => el('div', {className: 'change'}, el('b', {className: change.change}, change.change), ' ', change.resource ? `${change.resource}/${change.name}${change.namespace ? ' in ' + change.namespace : ''}` : change.key, ...fields(change.fields));
  const some = 300;
  $('diff-list').append(...all.slice(0, some).map(one));
  if (all.length > some) {
    const more = el('button', {className: 'flat', on: {click: () => { $('diff-list').append(...all.slice(some).map(one)); more.remove(); }}}, `Show ${all.length - some} more`);
    $('diff-list').after(more);
  }
}

function table(head, rows) {
  return el('table', {}, el('tr', {}, head.map(name => el('th', {}, name))), rows.map(row => el('tr', {}, row.map(cell => el('td', {}, cell === null || cell === undefined ? '' : Array.isArray(cell) ? cell.join('; ') : String(cell))))));
}
function audit() {
  const {encryptionAtRest: rest} = data('at-rest'), {powers} = data('powers'), {rotate, now} = data('exposure');
  const telling = rest.resources.filter(r => r.encrypted.length || ['secrets', 'configmaps'].includes(r.resource));
  $('at-rest-table').append(table(['Resource', 'Objects', 'Plain', 'Encrypted'], telling.map(r => [r.resource, r.objects, r.plain, r.encrypted.map(s => `${s.values} by ${s.provider} ${s.name || ''}`.trim())])));
  $('powers-table').append(powers.length ? table(['Power', 'Who', 'Namespace', 'By'], powers.map(p => [p.power, p.subject, p.namespace || 'all', `${p.binding}, ${p.role}`])) : el('p', {}, 'Nobody but the cluster\'s own parts holds any that is listed.'));
  const good = rotate.filter(secret => !['ended', 'void'].includes(secret.validity));
  $('exposure-words').textContent = `Whoever has this file has ${count(good.length, 'Secret, token or client', 'Secrets, tokens or clients')} that may still be good at ${now}: to rotate.`;
  const shown = 200;
  $('exposure-table').append(table(['Namespace', 'Secret', 'Type', 'What', 'Ends'], good.slice(0, shown).map(s => [s.namespace, s.name, s.type, s.what, s.expires || (s.validity === 'neverEnds' ? 'never' : 'not known')])));
  if (good.length > shown) $('exposure-table').append(el('p', {className: 'soft'}, `and ${good.length - shown} more; salvor audit SOURCE exposure lists them all`));
}

function navigate() {
  const links = [...document.querySelectorAll('nav a')].filter(link => $(link.hash.slice(1)) ? true : (link.remove(), false));
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) if (entry.isIntersecting) for (const link of links) link.classList.toggle('here', link.hash === '#' + entry.target.id);
  }, {rootMargin: '-10% 0px -80% 0px'});
  for (const link of links) seen.observe($(link.hash.slice(1)));
}

function start() {
  const {source, other} = data('meta');
  $('title').textContent = other ? `${source}, compared with ${other}` : source;
  document.title = source + ' - salvor report';
  if (keys()) nameKeys();
  const parts = [['verify', 'verdict', verdicts], ['verify', 'findings', findings], ['objects', 'contents', contents], ['timeline', 'timeline-part', timeline], ['objects', 'objects', objects], ['diff', 'changes', changes], ['exposure', 'audit', audit]];
  const late = new IntersectionObserver(entries => { for (const entry of entries) if (entry.isIntersecting) fill(entry.target.id); }, {rootMargin: '600px'});
  const fill = id => { const part = parts.find(p => p[1] === id && !p.done); if (part) { part.done = true; late.unobserve($(id)); part[2](); } };
  for (const [needs, id] of parts) {
    if (!has(needs)) $(id).remove();
    else if (['verdict', 'findings'].includes(id)) fill(id);
    else late.observe($(id));
  }
  browse = words => { fill('objects'); browse(words); };
  addEventListener('beforeprint', () => parts.forEach(part => has(part[0]) && fill(part[1])));
  addEventListener('keydown', event => { if (event.key === '/' && !/INPUT|SELECT/.test(document.activeElement.tagName) && $('objects')) { event.preventDefault(); browse(''); } });
  navigate();
}
start();
