import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useConversations } from '#bridge/context.tsx';
import type { FakeHost } from '#bridge/fake-host.ts';
import { refused } from '#bridge/fake-host.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { NavigationProvider } from '#bridge/navigation.tsx';
import { quoteOf } from '#bridge/timeline.ts';
import { changeWriting, writingIn } from '#bridge/writing.ts';
import { ADA, MEI, MORNING, signedInHost, TOM } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { useTimeline } from './queries.ts';
import { Timeline } from './timeline.tsx';

const jumps: number[] = [];

function Open({ conversation }: { conversation: string }) {
  const row = useConversations()?.find(({ id }) => id === conversation);
  const timeline = useTimeline(conversation);
  const navigation = { openMessage: (_: string, seq: number) => void jumps.push(seq), openPerson: () => undefined };
  if (row === undefined || timeline.data === undefined) {
    return null;
  }
  return (
    <NavigationProvider navigation={navigation}>
      <Timeline row={row} timeline={timeline.data} />
    </NavigationProvider>
  );
}

async function draw(host: FakeHost, conversation = 'c_general') {
  const drawn = await renderWith(host, <Open conversation={conversation} />);
  await screen.findAllByTestId('message');
  return { host, ...drawn };
}

const message = (words: string) =>
  screen.getAllByTestId('message').find((element) => element.textContent.includes(words)) ?? expect.fail(`no ${words}`);
const held = (host: FakeHost, seq: number, conversation = 'c_general') =>
  host.world.conversations.find(({ row }) => row.id === conversation)?.items.find((item) => item.seq === seq) as MessageView;
const acts = (host: FakeHost) => host.calls.filter((call) => call.startsWith('actOnMessage'));
const copied = () => vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();

/** Mei says three things and Ada answers. */
function talk(): FakeHost {
  const host = signedInHost(['Good morning', 'The label is done', 'Shall I print it?']);
  const own = host.receive('c_general', ADA.id, 'Yes, two sheets');
  host.changeMessage('c_general', { ...own, reply: quoteOf(held(host, 2)) });
  host.world.deliveryMs = 0;
  return host;
}

beforeEach(() => {
  jumps.length = 0;
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});

describe('walking', () => {
  it('goes from message to message with arrows, and stops at the ends', async () => {
    const { user } = await draw(talk());
    await user.tab();
    expect(message('two sheets')).toHaveFocus();
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(message('label is done')).toHaveFocus();
    await user.keyboard('{Home}{ArrowUp}');
    expect(message('Good morning')).toHaveFocus();
    await user.keyboard('{End}{ArrowDown}');
    expect(message('two sheets')).toHaveFocus();
  });

  it('is one stop for tabs, with the controls of that message behind it', async () => {
    const { user } = await draw(talk());
    await user.tab();
    await user.tab();
    expect(screen.getByRole('button', { name: /In answer to/ })).toHaveFocus();
    expect(screen.getAllByTestId('message').filter((element) => element.tabIndex === 0)).toHaveLength(1);
  });

  it('keeps the focus when the message changes under it', async () => {
    const { host, user } = await draw(talk());
    await user.tab();
    await user.keyboard('{ArrowUp}');
    act(() => host.changeMessage('c_general', { ...held(host, 3), body: 'Shall I print two?', edited_at: MORNING }));
    await waitFor(() => expect(message('print two')).toHaveFocus());
  });

  it('means nothing by Enter', async () => {
    const { host, user } = await draw(talk());
    await user.tab();
    const before = host.calls.length;
    await user.keyboard('{Enter} ');
    expect(host.calls).toHaveLength(before);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('reactions', () => {
  const withReactions = () => {
    const host = talk();
    const reactions = [
      { emoji: '🎉', people: [MEI.id, TOM.id], mine: false },
      { emoji: '👍', people: [MEI.id, ADA.id], mine: true },
    ];
    host.changeMessage('c_general', { ...held(host, 1), reactions });
    return host;
  };

  it('are counted, and one’s own are marked', async () => {
    await draw(withReactions());
    expect(screen.getByRole('button', { name: '🎉 2' })).toHaveAttribute('aria-pressed', 'false');
    expect(screen.getByRole('button', { name: '👍 2' })).toHaveAttribute('aria-pressed', 'true');
  });

  it('are added and taken back by a press, at once', async () => {
    const { host, user } = await draw(withReactions());
    await user.click(screen.getByRole('button', { name: '🎉 2' }));
    expect(await screen.findByRole('button', { name: '🎉 3' })).toHaveAttribute('aria-pressed', 'true');
    await user.click(screen.getByRole('button', { name: '👍 2' }));
    expect(await screen.findByRole('button', { name: '👍 1' })).toBeVisible();
    expect(acts(host)).toEqual([
      'actOnMessage c_general 1 {"act":"react","emoji":"🎉","on":true}',
      'actOnMessage c_general 1 {"act":"react","emoji":"👍","on":false}',
    ]);
  });

  it('say who put them there when they have the focus', async () => {
    const { user } = await draw(withReactions());
    await user.tab();
    await user.keyboard('{Home}');
    await user.tab();
    expect(document.activeElement).toHaveAccessibleName('Mei Tan');
    await user.tab();
    await user.tab();
    expect(document.activeElement).toHaveAccessibleName('👍 2');
    expect(await screen.findByRole('tooltip')).toHaveTextContent('You and Mei Tan reacted with 👍');
  });

  it('of an archived channel stay as they are', async () => {
    const host = withReactions();
    await host.setArchived('c_general', true);
    await draw(host);
    expect(screen.getByRole('button', { name: '🎉 2' })).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Add a reaction' })).toBeNull();
  });
});

describe('the toolbar of a message', () => {
  it('is there under the pointer, with the three emoji used most', async () => {
    const { user } = await draw(talk());
    expect(screen.queryByRole('toolbar')).toBeNull();
    await user.hover(message('Good morning'));
    const bar = screen.getByRole('toolbar', { name: 'Message actions' });
    const names = within(bar).getAllByRole('button').map((button) => button.getAttribute('aria-label'));
    expect(names).toEqual(['React with 👍', 'React with ❤️', 'React with 🎉', 'Add a reaction', 'Reply', 'More']);
    await user.unhover(message('Good morning'));
    expect(screen.queryByRole('toolbar')).toBeNull();
  });

  it('offers to edit what one wrote oneself', async () => {
    const { user } = await draw(talk());
    await user.hover(message('two sheets'));
    expect(screen.getByRole('button', { name: 'Edit' })).toBeVisible();
  });
});

describe('the menu of a message', () => {
  const items = () => screen.getAllByRole('menuitem').map((item) => item.getAttribute('aria-label') ?? item.firstElementChild?.nextElementSibling?.textContent);

  it('opens by right click and by Shift and F10, with all that may be done', async () => {
    const { user } = await draw(talk());
    await user.pointer({ keys: '[MouseRight]', target: message('Good morning') });
    expect(items()).toEqual(['Add a reaction', 'Reply', 'Copy text', 'Copy link', 'Pin', 'Mark unread', 'Delete']);
    await user.keyboard('{Escape}');
    message('two sheets').focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    expect(items()).toContain('Edit');
  });

  it('lets nobody delete what others wrote, but the owner of a channel and administrators', async () => {
    const host = talk();
    host.world.conversations[0]!.row.created_by = MEI.id;
    const { user } = await draw(host);
    await user.pointer({ keys: '[MouseRight]', target: message('Good morning') });
    expect(items()).not.toContain('Delete');
  });

  it('copies the text and a link', async () => {
    const { user } = await draw(talk());
    const copy = copied();
    await user.pointer({ keys: '[MouseRight]', target: message('Good morning') });
    await user.click(screen.getByRole('menuitem', { name: /Copy text/ }));
    expect(copy).toHaveBeenLastCalledWith('Good morning');
    await user.pointer({ keys: '[MouseRight]', target: message('Good morning') });
    await user.click(screen.getByRole('menuitem', { name: /Copy link/ }));
    await waitFor(() =>
      expect(copy).toHaveBeenLastCalledWith(
        'loquat://open?server=https%3A%2F%2Fchat.orchard.example&conversation=c_general&seq=1',
      ),
    );
  });

  it('pins, and a pinned message says so', async () => {
    const { host, user } = await draw(talk());
    await user.pointer({ keys: '[MouseRight]', target: message('label is done') });
    await user.click(screen.getByRole('menuitem', { name: /Pin/ }));
    expect(await within(message('label is done')).findByText('Pinned')).toBeInTheDocument();
    expect(acts(host)).toEqual(['actOnMessage c_general 2 {"act":"pin","on":true}']);
  });

  it('marks unread, and looking at it does not undo that', async () => {
    const { host, user } = await draw(talk());
    await user.pointer({ keys: '[MouseRight]', target: message('label is done') });
    await user.click(screen.getByRole('menuitem', { name: /Mark unread/ }));
    expect(await screen.findByText('New')).toBeVisible();
    expect(host.calls).toContain('markUnread c_general 2');
    await act(() => new Promise((resolve) => setTimeout(resolve, 400)));
    expect(host.calls.filter((call) => call.startsWith('markRead'))).toEqual([]);
    // Something new is read again when it is seen.
    act(() => void host.receive('c_general', MEI.id, 'And now?'));
    await waitFor(() => expect(host.calls).toContain('markRead c_general 5'));
  });
});

describe('editing', () => {
  it('happens in place, and Enter saves', async () => {
    const { host, user } = await draw(talk());
    message('two sheets').focus();
    await user.keyboard('e');
    const editor = await screen.findByRole('textbox', { name: 'Edit message' });
    await waitFor(() => expect(editor).toHaveFocus());
    await user.keyboard(' please{Enter}');
    expect(await screen.findByText('Yes, two sheets please')).toBeVisible();
    expect(acts(host)).toEqual(['actOnMessage c_general 4 {"act":"edit","body":"Yes, two sheets please"}']);
    await waitFor(() => expect(message('two sheets please')).toHaveFocus());
  });

  it('has the focus as soon as its line is shown, also when it is hidden at first', async () => {
    const { live } = await draw(talk());
    const hidden = () => undefined;
    vi.spyOn(HTMLElement.prototype, 'focus').mockImplementationOnce(hidden).mockImplementationOnce(hidden);
    act(() => changeWriting(live.client, 'c_general', { editing: { seq: 4, body: 'Yes', from: 'composer' } }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Edit message' })).toHaveFocus());
  });

  it('leaves no toolbar behind when the focus goes elsewhere afterwards', async () => {
    const { live, user } = await draw(talk());
    act(() => changeWriting(live.client, 'c_general', { editing: { seq: 4, body: 'Yes', from: 'composer' } }));
    await waitFor(() => expect(screen.getByRole('textbox')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
    const elsewhere = document.body.appendChild(document.createElement('button'));
    act(() => elsewhere.focus());
    expect(screen.queryByRole('toolbar')).toBeNull();
    elsewhere.remove();
  });

  it('leaves it as it was with Escape', async () => {
    const { host, user } = await draw(talk());
    message('two sheets').focus();
    await user.keyboard('e');
    await waitFor(() => expect(screen.getByRole('textbox')).toHaveFocus());
    await user.keyboard(' never mind{Escape}');
    expect(await screen.findByText('Yes, two sheets')).toBeVisible();
    expect(acts(host)).toEqual([]);
  });

  it('sends nothing when nothing was changed, and nothing that is blank', async () => {
    const { host, user } = await draw(talk());
    message('two sheets').focus();
    await user.keyboard('e');
    await waitFor(() => expect(screen.getByRole('textbox')).toHaveFocus());
    await user.clear(screen.getByRole('textbox'));
    await user.keyboard('{Enter}');
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.keyboard('Yes, two sheets{Enter}');
    await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
    expect(acts(host)).toEqual([]);
  });

  it('survives a look into another conversation', async () => {
    const { user, live, unmount } = await draw(talk());
    message('two sheets').focus();
    await user.keyboard('e');
    await waitFor(() => expect(screen.getByRole('textbox')).toHaveFocus());
    await user.keyboard(' and more');
    unmount();
    expect(writingIn(live.client, 'c_general').editing?.body).toBe('Yes, two sheets and more');
  });

  it('is not offered for what others wrote', async () => {
    const { user } = await draw(talk());
    message('Good morning').focus();
    await user.keyboard('e');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('shows what it said before', async () => {
    const { host, user } = await draw(talk());
    await host.actOnMessage('c_general', 4, { act: 'edit', body: 'Yes, three sheets' });
    await user.click(await screen.findByRole('button', { name: /edited/ }));
    const history = await screen.findByRole('dialog', { name: 'What it said' });
    await waitFor(() =>
      expect(within(history).getAllByRole('listitem').map((item) => item.lastChild?.textContent)).toEqual([
        'Yes, three sheets',
        'Yes, two sheets',
      ]),
    );
  });

  it('that was refused says why and gives the text back', async () => {
    const { host, user } = await draw(talk());
    const before = held(host, 4);
    act(() => host.refuseAct('c_general', before, { act: 'edit', body: 'Yes, four' }, refused('message_deleted').failure));
    expect(await screen.findByRole('alert')).toHaveTextContent('Your change was not saved.');
    expect(screen.getByRole('textbox', { name: 'Edit message' })).toHaveValue('Yes, four');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });
});

describe('deleting', () => {
  it('asks first, and keeps the place', async () => {
    const { host, user } = await draw(talk());
    message('label is done').focus();
    await user.keyboard('{Delete}');
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Cancel' }));
    expect(acts(host)).toEqual([]);
    await waitFor(() => expect(message('label is done')).toHaveFocus());
    await user.keyboard('{Delete}');
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('This message was deleted by Ada Winter')).toBeVisible();
    expect(screen.getAllByTestId('message')).toHaveLength(4);
    expect(screen.getByRole('button', { name: /A message that was deleted/ })).toBeInTheDocument();
  });

  it('leaves only what makes sense in the menu', async () => {
    const host = talk();
    host.changeMessage('c_general', { ...held(host, 2), body: '', deleted_by: MEI.id });
    const { user } = await draw(host);
    expect(screen.getByText('This message was deleted')).toBeVisible();
    await user.pointer({ keys: '[MouseRight]', target: message('This message was deleted') });
    expect(screen.getAllByRole('menuitem')).toHaveLength(2);
  });
});

it('a quote leads to what it quotes', async () => {
  const { user } = await draw(talk());
  await user.click(await screen.findByRole('button', { name: /In answer to\s*Mei Tan\s*The label is done/ }));
  expect(jumps).toEqual([2]);
});

it('R answers: the message is quoted over the composer', async () => {
  const { user, live } = await draw(talk());
  message('print it').focus();
  await user.keyboard('r');
  expect(writingIn(live.client, 'c_general').reply).toMatchObject({ seq: 3, author: MEI.id, excerpt: 'Shall I print it?' });
});

it('faces under a message say who has read it', async () => {
  const host = talk();
  host.receive('d_tom', ADA.id, 'Are the scales back?');
  host.read('d_tom', TOM.id, 1);
  await draw(host, 'd_tom');
  expect(await within(message('scales back')).findByRole('button', { name: 'Seen by Tom Okafor' })).toBeInTheDocument();
});

it('tells the host what is on the screen', async () => {
  const { host } = await draw(talk());
  await waitFor(() => expect(host.calls.at(-1)).toMatch(/^watch c_general \|/));
});
