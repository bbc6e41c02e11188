// Starts the window over the scripted host, in a state that the address names: `fake.html?show=empty`. For pictures and
// for working on the looks; it is not part of the product.

import './early.ts';

import { crowd } from '#bridge/fake-crowd.ts';
import { FakeHost } from '#bridge/fake-host.ts';
import { orchard } from '#bridge/fake-orchard.ts';
import { orchardJournal } from '#bridge/fake-orchard-journal.ts';
import { orchardOffice } from '#bridge/fake-orchard-office.ts';
import { FakeWorld } from '#bridge/fake-world.ts';
import type { Session } from '#bridge/generated/Session.ts';
import { addPseudoLanguages } from '#testing/pseudo-languages.ts';
import { changeAppearance, speakChosen } from '#ui/appearance.ts';

import { start } from './start.tsx';

declare global {
  interface Window {
    /** For scripts that steer the host from outside. */
    fakeHost: FakeHost;
    fakeLanguage: (code: string) => Promise<void>;
  }
}

const asked = new URLSearchParams(window.location.search);
const show = asked.get('show') ?? 'full';
const now = Date.now();

const full = orchard(now);
const office = orchardOffice(full, now);
if (show === 'member') {
  // Somebody who may not administer the workspace, in one where channels are made by those who do.
  full.setMe({ ...full.me, role: 'member' });
  office.settings = { ...office.settings, channel_creation: 'administrators' };
}
const world = worldShown();
world.deliveryMs = 250;
world.keychain = show === 'no-keychain' ? 'missing' : 'kept';

const host = new FakeHost(world, sessionShown());
if (show !== 'empty') {
  host.office = office;
  host.journal = orchardJournal(full, now);
}

if (asked.get('away') === 'yes') {
  host.failNext('checkServer', { reason: 'unreachable', address: world.server, detail: '' });
}
if (show === 'stuck') {
  host.failNext('session', { reason: 'storage', detail: '' });
}
if (show === 'offline') {
  host.changeConnection({ state: 'offline', since: now - 60_000, retry_at: now + 8000, unsent: 0 });
}
if (show === 'failed') {
  const failed = world.conversations.find((held) => held.row.id === 'd_mei');
  failed?.pending.push(
    {
      client_id: 'm_failed',
      conversation: 'd_mei',
      body: 'I will print a sheet of them for tomorrow.',
      reply: null,
      written_at: now - 60_000,
      failure: { reason: 'refused', code: 'internal', detail: '', retry_after_s: null, tries_left: null },
    },
    { client_id: 'm_waiting', conversation: 'd_mei', body: 'Matte paper, right?', reply: null, written_at: now - 1000, failure: null },
  );
}

function worldShown(): FakeWorld {
  switch (show) {
    case 'empty':
      return new FakeWorld(full.me, full.people.slice(1));
    case 'crowd':
      return crowd(full.me, { people: 5000, conversations: 2000 }, now);
    default:
      return full;
  }
}

/** Who was signed out from elsewhere keeps the address of the server, and their own unless everything was erased. */
function sessionShown(): Session {
  if (show === 'sign-in') {
    return { phase: 'signed_out', server: null, email: null, reason: null };
  }
  if (show !== 'ended') {
    return world.signedIn();
  }
  const reason = asked.get('reason') ?? 'session_ended';
  const isErased = reason === 'session_revoked' || reason === 'deactivated';
  return { phase: 'signed_out', server: world.server, email: isErased ? null : world.me.email, reason };
}

localStorage.clear();
addPseudoLanguages();
// In the language of the pictures, unless another is asked for; `rtl` and `long` are spoken by nobody.
changeAppearance({ language: asked.get('language') ?? 'en' });
window.fakeLanguage = (language) => {
  changeAppearance({ language });
  return speakChosen();
};
const open = asked.get('open');
if (open !== null) {
  localStorage.setItem('loquat.open-conversation', open);
}
window.fakeHost = host;
void start(host);
