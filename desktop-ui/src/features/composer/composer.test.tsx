import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { keys } from '#bridge/keys.ts';
import { opened, type Timeline } from '#bridge/timeline.ts';
import { changeWriting, writingIn } from '#bridge/writing.ts';
import { ADA, MEI, row, signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';
import { changeAppearance } from '#ui/appearance.ts';

import { Archived } from './archived.tsx';
import { Composer } from './composer.tsx';
import { typingText } from './typing-line.tsx';
import { LONGEST_BODY } from '#bridge/body-length.ts';

async function draw(initialDraft = '') {
  const host = signedInHost();
  const held = await host.openConversation('c_general');
  const drawn = await renderWith(host, <Composer row={held.row} name="#general" initialDraft={initialDraft} preview={(body) => <em>{body}</em>} />);
  drawn.live.client.setQueryData(keys.timeline('c_general'), opened(held));
  const timeline = () => drawn.live.client.getQueryData<Timeline>(keys.timeline('c_general'));
  return { host, ...drawn, timeline, area: screen.getByRole('textbox', { name: 'Message #general' }) };
}

const sent = (calls: string[]) => calls.filter((call) => call.startsWith('sendMessage'));

describe('the composer', () => {
  it('has the focus', async () => {
    expect((await draw()).area).toHaveFocus();
  });

  it('sends with Enter and is empty then', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('Hello{Enter}');
    expect(area).toHaveValue('');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general Hello']));
  });

  it('sends with Ctrl and Enter where Enter makes a new line', async () => {
    changeAppearance({ enterSends: false });
    const { host, user, area } = await draw();
    await user.keyboard('one{Enter}two');
    expect(area).toHaveValue('one\ntwo');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general one\ntwo']));
  });

  it('makes a new line with Shift and Enter', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('one{Shift>}{Enter}{/Shift}two');
    expect(area).toHaveValue('one\ntwo');
    expect(sent(host.calls)).toEqual([]);
  });

  it('shows the message at once, before the host has answered', async () => {
    const { host, user, timeline } = await draw();
    host.sendMessage = () => new Promise(() => undefined);
    await user.keyboard('Hello{Enter}');
    expect(timeline()?.sending.map((send) => send.body)).toEqual(['Hello']);
  });

  it('hands messages over one after the other', async () => {
    const { host, user } = await draw();
    host.world.answerMs = 5;
    await user.keyboard('one{Enter}two{Enter}three{Enter}');
    await waitFor(() => expect(sent(host.calls)).toHaveLength(3));
    expect(sent(host.calls).map((call) => call.split(' ').at(-1))).toEqual(['one', 'two', 'three']);
  });

  it('sends nothing that is blank', async () => {
    const { host, user } = await draw();
    await user.keyboard('   {Enter}');
    expect(sent(host.calls)).toEqual([]);
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
  });

  it('gives the text back when this device cannot keep it', async () => {
    const { host, user, area } = await draw();
    host.failNext('sendMessage', { reason: 'storage', detail: 'disk full' });
    await user.keyboard('Important{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent("The disk of this computer cannot be used.");
    expect(area).toHaveValue('Important');
  });
});

describe('the length', () => {
  it('is not mentioned while there is room', async () => {
    await draw('a'.repeat(LONGEST_BODY * 0.89));
    expect(screen.queryByText(/bytes/)).toBeNull();
  });

  it('is counted from 90 % on', async () => {
    await draw('a'.repeat(LONGEST_BODY - 100));
    expect(screen.getByText('100 bytes left')).toBeVisible();
  });

  it('is counted in bytes and refused above the limit', async () => {
    const { host, user } = await draw('ä'.repeat(LONGEST_BODY / 2 + 1));
    expect(screen.getByText('2 bytes too long. Split it into several messages.')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(sent(host.calls)).toEqual([]);
  });
});

describe('a draft', () => {
  it('is there again', async () => {
    expect((await draw('half a thought')).area).toHaveValue('half a thought');
  });

  it('is saved after a pause, once', async () => {
    const { host, user } = await draw();
    await user.keyboard('half');
    await waitFor(() => expect(host.calls).toContain('saveDraft c_general half'));
    expect(host.calls.filter((call) => call.startsWith('saveDraft'))).toHaveLength(1);
  });

  it('is saved at once when the conversation is left', async () => {
    const { host, user, unmount, timeline } = await draw();
    await user.keyboard('half');
    unmount();
    expect(host.calls).toContain('saveDraft c_general half');
    expect(timeline()?.draft).toBe('half');
  });

  it('is gone once it is sent', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    expect(host.calls.filter((call) => call.startsWith('saveDraft')).at(-1)).toBe('saveDraft c_general ');
  });
});

describe('an answer', () => {
  const reply = { seq: 1, author: 'u_mei', excerpt: 'Good **morning**', deleted: false };

  it('is named above the text and goes with the message', async () => {
    const { host, live, user } = await draw();
    act(() => changeWriting(live.client, 'c_general', { reply }));
    expect(await screen.findByTestId('reply-bar')).toHaveTextContent('Answer to Mei TanGood morning');
    await user.keyboard('Hello{Enter}');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general Hello to 1']));
    expect(screen.queryByTestId('reply-bar')).toBeNull();
  });

  it('is given up with Escape, and the text stays', async () => {
    const { live, user, area } = await draw('half');
    act(() => changeWriting(live.client, 'c_general', { reply }));
    await screen.findByTestId('reply-bar');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('reply-bar')).toBeNull());
    expect(area).toHaveValue('half');
  });

  it('comes back with the text when this device cannot keep it', async () => {
    const { host, live, user } = await draw();
    act(() => changeWriting(live.client, 'c_general', { reply }));
    await screen.findByTestId('reply-bar');
    host.failNext('sendMessage', { reason: 'storage', detail: 'disk full' });
    await user.keyboard('Important{Enter}');
    expect(await screen.findByTestId('reply-bar')).toBeVisible();
  });
});

describe('Up', () => {
  it('in an empty composer edits the last message one wrote', async () => {
    const { host, live, user } = await draw();
    const own = host.receive('c_general', 'u_ada', 'Mine');
    live.apply({ change: 'appended', conversation: 'c_general', items: [{ item: 'message', ...own }], last: own.seq });
    await user.keyboard('{ArrowUp}');
    expect(writingIn(live.client, 'c_general').editing).toEqual({ seq: own.seq, body: 'Mine', from: 'composer' });
  });

  it('moves the caret while there is a text, and does nothing without an own message', async () => {
    const { live, user } = await draw();
    await user.keyboard('{ArrowUp}x{ArrowUp}');
    expect(writingIn(live.client, 'c_general').editing).toBeNull();
  });
});

describe('typing', () => {
  it('is told at every key that leaves a text', async () => {
    const { host, user } = await draw();
    await user.keyboard('ab{Backspace}{Backspace}');
    expect(host.calls.filter((call) => call.startsWith('typing'))).toHaveLength(3);
  });

  it.each([
    [[], ''],
    [['Mei'], 'Mei is typing'],
    [['Mei', 'Jon'], 'Mei and Jon are typing'],
    [['Mei', 'Jon', 'Tom'], 'Several people are typing'],
  ])('of %j reads %j', (names, words) => {
    expect(typingText(names)).toBe(words);
  });

  it('of others is shown in a place that is always there, and one’s own is not', async () => {
    const { live } = await draw();
    live.client.setQueryData(keys.people, new Map([MEI, ADA].map((person) => [person.id, person])));
    const line = screen.getByTestId('typing');
    expect(line).toBeEmptyDOMElement();
    act(() => live.apply({ change: 'typing', conversation: 'c_general', people: ['u_mei', 'u_ada'] }));
    await waitFor(() => expect(line).toHaveTextContent('Mei Tan is typing'));
    act(() => live.apply({ change: 'typing', conversation: 'c_general', people: [] }));
    await waitFor(() => expect(line).toBeEmptyDOMElement());
  });
});

describe('emoji', () => {
  it('are offered while they are named, and chosen with Enter', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('Done :tad');
    expect(await screen.findByRole('option', { name: /:tada:/ })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    expect(area).toHaveValue('Done 🎉 ');
    expect(sent(host.calls)).toEqual([]);
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('are walked with arrows and left with Escape', async () => {
    const { user, area } = await draw();
    await user.keyboard(':rocke');
    await screen.findByRole('listbox');
    await user.keyboard('{ArrowDown}{ArrowUp}{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(area).toHaveValue(':rocke');
  });

  it('come by themselves when they are named in full', async () => {
    const { user, area } = await draw();
    await user.keyboard('ok :+1');
    await screen.findByRole('listbox');
    await user.keyboard(':');
    expect(area).toHaveValue('ok 👍 ');
  });

  it('are not meant by a time or an address', async () => {
    const { user } = await draw();
    await user.keyboard('at 10:30 https://example.org');
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('go where the caret is', async () => {
    const { user, area } = await draw('ab');
    (area as HTMLTextAreaElement).setSelectionRange(1, 1);
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    await user.type(await screen.findByRole('combobox', { name: 'Search emoji' }), 'tada');
    await waitFor(() => expect(screen.getByText(':tada:')).toBeVisible());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(area).toHaveValue('a🎉b'));
  });
});

describe('the caret', () => {
  it('is where it was when one comes back', async () => {
    const { live, unmount, area } = await draw('one two three');
    (area as HTMLTextAreaElement).setSelectionRange(4, 7);
    unmount();
    expect(writingIn(live.client, 'c_general').caret).toMatchObject({ start: 4, end: 7 });
  });
});

it('the preview shows the text as others will see it, and goes back to it', async () => {
  const { user, area } = await draw('some *words*');
  await user.keyboard('{Control>}{Shift>}p{/Shift}{/Control}');
  expect(await screen.findByRole('region', { name: 'Preview' })).toHaveTextContent('some *words*');
  expect(area).not.toBeVisible();
  await user.keyboard('{Escape}');
  expect(area).toBeVisible();
  await waitFor(() => expect(area).toHaveFocus());
});

it('an archived channel can only be read', async () => {
  await renderWith(signedInHost(), <Archived row={row('c_old', { name: 'old', archived: true })} />);
  expect(screen.getByTestId('archived')).toHaveTextContent('#old is archived. You can read it, but not write in it.');
});

describe('a mention', () => {
  it('is offered by a name, read as the name, and kept and sent as the person', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('Ask @me');
    expect(await screen.findByRole('option', { name: /Mei Tan/ })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    expect(area).toHaveValue('Ask @Mei Tan ');
    await waitFor(() => expect(host.calls).toContain('saveDraft c_general Ask <@u_mei> '));
    await user.keyboard('please{Enter}');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general Ask <@u_mei> please']));
  });

  it('is read by its name in a draft that was kept', async () => {
    const { host, user, area } = await draw('Ask <@u_mei>');
    await waitFor(() => expect(area).toHaveValue('Ask @Mei Tan'));
    await user.keyboard(' now{Enter}');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general Ask <@u_mei> now']));
  });

  it('comes back as it was when the message could not be kept', async () => {
    const { host, user, area } = await draw('Ask <@u_mei>');
    host.failNext('sendMessage', { reason: 'storage', detail: '' });
    await user.keyboard('{Enter}');
    await waitFor(() => expect(area).toHaveValue('Ask @Mei Tan'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(sent(host.calls).at(-1)).toBe('sendMessage c_general Ask <@u_mei>'));
  });

  it('of everybody in a large conversation asks before it is sent', async () => {
    const { host, user, area } = await drawLarge();
    await user.keyboard('@chan{Enter}lunch{Enter}');
    const question = await screen.findByRole('alertdialog', { name: 'Notify 41 people' });
    await user.click(within(question).getByRole('button', { name: 'Cancel' }));
    expect(area).toHaveValue('@channel lunch');
    expect(sent(host.calls)).toEqual([]);

    await user.click(area);
    await user.keyboard('{Enter}');
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general <!channel> lunch']));
  });

  it('is none in an address, and Escape leaves what is typed', async () => {
    const { user, area } = await draw();
    await user.keyboard('me@me');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.keyboard(' @me');
    await screen.findByRole('listbox', { name: 'People to mention' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(area).toHaveValue('me@me @me');
  });
});

async function drawLarge() {
  const host = signedInHost();
  const held = await host.openConversation('c_general');
  const large = { ...held.row, member_count: 42 };
  const drawn = await renderWith(host, <Composer row={large} name="#general" initialDraft="" preview={() => null} />);
  return { host, ...drawn, area: screen.getByRole('textbox', { name: 'Message #general' }) };
}
