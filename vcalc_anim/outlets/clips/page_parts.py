"""How the page of clips looks and what it does: plain CSS and JavaScript, written into the page."""

from __future__ import annotations

STYLE = """
:root { --ground: #f6f7f9; --card: #ffffff; --ink: #14181f; --quiet: #4b5563; --edge: #c3cad4; --accent: #0b6b63;
  --on-accent: #ffffff; --clear-a: #ffffff; --clear-b: #d7dce3; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --card: #161c25; --ink: #f2f4f7; --quiet: #aeb6c2;
  --edge: #3a4454; --accent: #2ec4b6; --on-accent: #06080b; --clear-a: #39424f; --clear-b: #2a313c; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1500px; margin: 0 auto; padding: 1rem 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.3rem; margin: 1.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: .75rem .9rem 0; }
h3 small { display: block; font-size: .9rem; font-weight: 400; color: var(--quiet); }
header p, footer p { color: var(--quiet); margin: .25rem 0 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .5rem; }
button { font: inherit; color: inherit; cursor: pointer; }
nav button, .copy { background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; padding: .35rem .7rem; }
nav button { min-height: 2.5rem; }
nav button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
.cards { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); align-items: start; }
article { background: var(--card); border: 1px solid var(--edge); border-radius: .75rem; overflow: hidden; }
.preview { position: relative; background: #06080b; max-height: 24rem; margin: 0 auto; }
.light .preview { background: #ffffff; }
.clear .preview { background: repeating-conic-gradient(var(--clear-b) 0 25%, var(--clear-a) 0 50%) 0 0 / 24px 24px; }
.preview img, .preview video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; display: block; }
.preview.plays > img:first-child { visibility: hidden; }
.blank { position: absolute; inset: 0; display: grid; place-items: center; color: #f2f4f7; }
.play { position: absolute; left: .6rem; bottom: .6rem; width: 2.75rem; height: 2.75rem; border-radius: 50%; padding: .5rem;
  border: 2px solid #ffffff; background: rgb(6 8 11 / .8); color: #ffffff; }
.play:focus-visible { outline-color: #ffffff; box-shadow: 0 0 0 6px #06080b; }
.play svg { width: 100%; height: 100%; fill: currentColor; display: block; }
.play .stop, .play[aria-pressed=true] .start { display: none; }
.play[aria-pressed=true] .stop { display: inline; }
.tags { margin: .4rem .9rem .2rem; display: flex; flex-wrap: wrap; gap: .4rem; }
.tags span { font-size: .85rem; border: 1px solid var(--edge); border-radius: 1rem; padding: 0 .6rem; color: var(--quiet); }
ul { list-style: none; margin: .4rem 0 .6rem; padding: 0 .9rem; }
li { display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; align-items: center; padding: .3rem 0; }
li + li { border-top: 1px solid var(--edge); }
li a { color: var(--accent); min-height: 1.5rem; }
li button { grid-area: 1 / 2 / 3; }
li span { color: var(--quiet); font-size: .85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.copy { font-size: .85rem; padding: .15rem .55rem; min-height: 1.75rem; white-space: nowrap; }
#told { position: fixed; left: 50%; bottom: 1rem; transform: translateX(-50%); margin: 0; padding: .5rem 1rem; border-radius: .5rem;
  background: var(--ink); color: var(--ground); max-width: 90vw; overflow-wrap: anywhere; }
#told:empty { display: none; }
"""

SCRIPT = """
'use strict';
const still = matchMedia('(prefers-reduced-motion: reduce)');
const told = document.getElementById('told');
let quiet;
function tell(text) {
  told.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => { told.textContent = ''; }, 4000);
}
function start(preview) {
  if (preview.moving) return;
  const film = preview.dataset.film;
  const gif = film.endsWith('.gif');
  const moving = document.createElement(gif ? 'img' : 'video');
  if (!gif) { moving.muted = true; moving.loop = true; moving.playsInline = true; }
  moving.src = film;
  moving.setAttribute('aria-hidden', 'true');
  moving.addEventListener(gif ? 'load' : 'playing', () => preview.classList.add('plays'));
  moving.addEventListener('error', () => { stop(preview); tell('This browser cannot play ' + film); });
  preview.insertBefore(moving, preview.querySelector('.play'));
  preview.moving = moving;
  if (!gif) moving.play().catch(() => {});
  preview.querySelector('.play').setAttribute('aria-pressed', 'true');
}
function stop(preview) {
  if (!preview.moving) return;
  preview.moving.remove();
  preview.moving = null;
  preview.held = false;
  preview.classList.remove('plays');
  preview.querySelector('.play').setAttribute('aria-pressed', 'false');
}
const away = new IntersectionObserver(seen => {
  for (const one of seen) if (!one.isIntersecting) stop(one.target);
});
for (const preview of document.querySelectorAll('[data-film]')) {
  away.observe(preview);
  preview.addEventListener('pointerenter', event => {
    if (event.pointerType === 'mouse' && !still.matches) start(preview);
  });
  preview.addEventListener('pointerleave', () => { if (!preview.held) stop(preview); });
  preview.querySelector('.play').addEventListener('click', () => {
    if (preview.held) { stop(preview); } else { start(preview); preview.held = true; }
  });
}
const choices = document.querySelectorAll('nav [data-chapter]');
function choose(chapter) {
  for (const choice of choices) choice.setAttribute('aria-pressed', String(choice.dataset.chapter === chapter));
  for (const section of document.querySelectorAll('section')) {
    section.hidden = chapter !== '' && section.dataset.chapter !== chapter;
  }
}
for (const choice of choices) choice.addEventListener('click', () => {
  choose(choice.dataset.chapter);
  history.replaceState(null, '', '#' + choice.dataset.chapter);
});
const asked = decodeURIComponent(location.hash.slice(1));
if ([...choices].some(choice => choice.dataset.chapter === asked)) choose(asked);
async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed for files: the old way */ }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
for (const button of document.querySelectorAll('.copy')) button.addEventListener('click', async () => {
  const path = button.dataset.path;
  const done = await copy(path);
  button.focus();
  tell(done ? 'Copied: ' + path : 'Copying is not allowed here: ' + path);
});
"""
