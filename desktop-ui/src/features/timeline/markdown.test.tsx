import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { NavigationProvider } from '#bridge/navigation.tsx';
import { MEI, signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { Markdown } from './markdown.tsx';

async function draw(body: string) {
  const host = signedInHost();
  return { host, ...(await renderWith(host, <Markdown body={body} />)) };
}

describe('nothing in a message acts by itself:', () => {
  it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', '//evil.example', 'tauri://localhost'])(
    'a link to %s is only its words',
    async (url) => {
      const { container } = await draw(`[read this](${url})`);
      expect(container).toHaveTextContent('read this');
      expect(container.querySelector('a')).toBeNull();
    },
  );

  it.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<iframe src="https://x.example"></iframe>', '<a href="javascript:1">x</a>'])(
    '%s stays text',
    async (html) => {
      const { container } = await draw(`before ${html} after`);
      expect(container.querySelector('script, img, iframe, a, [onerror]')).toBeNull();
      expect(container).toHaveTextContent(`before ${html} after`);
    },
  );

  it('a picture is a link, and nothing is loaded', async () => {
    const { container } = await draw('![the label](https://tracker.example/pixel.png)');
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: 'Image: the label' })).toHaveAttribute('href', 'https://tracker.example/pixel.png');
  });
});

describe('a link', () => {
  it('opens through the host and does not leave the window', async () => {
    const { host, user } = await draw('See https://example.org/a');
    await user.click(screen.getByRole('link'));
    expect(host.calls).toEqual(['openLink https://example.org/a']);
  });

  it('shows where it goes', async () => {
    await draw('[harmless](https://example.org/a)');
    expect(screen.getByRole('link', { name: 'harmless' })).toHaveAttribute('title', 'https://example.org/a');
  });
});

describe('a link to a message', () => {
  const here = 'https://chat.orchard.example';
  const link = (server: string, conversation = 'c_general', seq = 1) =>
    `loquat://open?server=${encodeURIComponent(server)}&conversation=${conversation}&seq=${seq}`;

  async function drawInWindow(body: string) {
    const openMessage = vi.fn();
    const host = signedInHost();
    const drawn = await renderWith(
      host,
      <NavigationProvider navigation={{ openMessage, openPerson: vi.fn() }}>
        <Markdown body={body} />
      </NavigationProvider>,
    );
    return { ...drawn, host, openMessage };
  }

  it('of this server leads there inside of the window', async () => {
    const { host, user, openMessage } = await drawInWindow(`See ${link(here)}.`);
    await user.click(await screen.findByRole('link', { name: 'A message in #general' }));
    expect(openMessage).toHaveBeenCalledWith('c_general', 1);
    expect(host.calls.some((call) => call.startsWith('openLink'))).toBe(false);
  });

  it('keeps the words somebody gave it', async () => {
    const { user, openMessage } = await drawInWindow(`[the plan](${link(here, 'd_tom', 7)})`);
    await user.click(screen.getByRole('link', { name: 'the plan' }));
    expect(openMessage).toHaveBeenCalledWith('d_tom', 7);
  });

  it.each([link('https://other.example'), 'loquat://join?server=https%3A%2F%2Fx.example&code=ABC', `\`${link(here)}\``])(
    'is only its words in %s',
    async (body) => {
      const { container } = await drawInWindow(`See ${body} now`);
      expect(container.querySelector('a')).toBeNull();
      expect(container).toHaveTextContent('loquat://');
    },
  );
});

describe('Markdown', () => {
  it('keeps line breaks as typed', async () => {
    const { container } = await draw('one\ntwo');
    expect(container.querySelector('p')?.textContent).toBe('one\ntwo');
  });

  it('has no headings of the window in it', async () => {
    await draw('# Big words');
    expect(screen.queryByRole('heading')).toBeNull();
    expect(screen.getByText('Big words')).toBeVisible();
  });

  it('in plain words is shown as it is', async () => {
    const { container } = await draw('Just words, nothing else.');
    expect(container.textContent).toBe('Just words, nothing else.');
  });

  it.each(['- a list', '1. a list', '> a quote', '**strong**', '`code`', '~~gone~~', '| a |\n| - |\n| b |', 'www.example.org'])(
    'is understood in %j',
    async (body) => {
      const { container } = await draw(body);
      expect(container.querySelector('li, blockquote, strong, code, del, table, a')).not.toBeNull();
    },
  );

  it('names the language of a code block and copies it', async () => {
    const { user } = await draw('```rust\nfn main() {}\n```');
    const copy = vi.spyOn(navigator.clipboard, 'writeText');
    expect(screen.getByRole('group', { name: 'Code, rust' })).toHaveTextContent('fn main() {}');
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(copy).toHaveBeenCalledWith('fn main() {}');
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  });
});

it.each(['<b>bold</b>', '<div>\nin a block\n</div>', '- <input> in a list', '> <br> quoted', '<!-- a thought -->'])(
  'what looks like HTML is read as it was typed: %s',
  async (body) => {
    const { container } = await draw(body);
    expect(container).toHaveTextContent(body.replace(/^[->] /u, '').replaceAll('\n', ' '));
  },
);

describe('a mention', () => {
  it('is read by the name the person has now, and shows who they are', async () => {
    const openPerson = vi.fn();
    const host = signedInHost();
    const { user, live } = await renderWith(
      host,
      <NavigationProvider navigation={{ openMessage: vi.fn(), openPerson }}>
        <Markdown body="Ask **<@u_mei>** and <@u_ada>" />
      </NavigationProvider>,
    );
    await user.click(await screen.findByRole('button', { name: '@Mei Tan' }));
    expect(openPerson).toHaveBeenCalledWith('u_mei');
    expect(screen.getByRole('button', { name: '@Ada Winter' })).toHaveAttribute('data-mine', 'true');

    act(() => live.apply({ change: 'people', people: [{ ...MEI, name: 'Mei Winter' }] }));
    expect(await screen.findByRole('button', { name: '@Mei Winter' })).toBeVisible();
  });

  it.each([
    ['<!channel> **look**', '@channel look'],
    ['- <!here>', '@here'],
    ['> <@u_tom> said', '@Tom Okafor said'],
  ])('stands anywhere: %s', async (body, words) => {
    const { container } = await draw(body);
    await waitFor(() => expect(container).toHaveTextContent(words));
    expect(container.querySelector('[data-mine]')).not.toBeNull();
  });

  it.each([
    ['`<@u_mei>`', '<@u_mei>'],
    ['```\n<!channel>\n```', '<!channel>'],
    ['\\<@u_mei>', '<@u_mei>'],
    ['[a](https://x.example/<@u_mei>)', 'a'],
    ['\uE0000\uE001 plain <b>', '\uFFFD0\uE001 plain <b>'],
  ])('is none in %s', async (body, words) => {
    const { container } = await draw(body);
    expect(container).toHaveTextContent(words);
    expect(container.querySelector('[data-mine]')).toBeNull();
  });
});
