import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { refused, type FakeHost } from '#bridge/fake-host.ts';
import type { AuditEvent } from '#bridge/generated/AuditEvent.ts';
import { ADA, MEI } from '#testing/builders.ts';
import { administratorHost, DAY } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { AuditPage } from './audit-page.tsx';

function log(length: number): AuditEvent[] {
  const now = Date.now();
  return Array.from({ length }, (_, index) => ({
    seq: length - index,
    at: now - index * (DAY / 4),
    actor: index % 2 === 0 ? MEI.id : ADA.id,
    action: index % 10 === 0 ? 'signed_out' : 'signed_in',
    target: null,
    detail: '',
    address: '192.0.2.7',
  }));
}

async function draw(length = 120, host: FakeHost = administratorHost()) {
  host.office.audit = log(length);
  const { user } = await renderWith(host, <AuditPage />);
  if (length > 0) {
    await screen.findAllByTestId('audit-event');
  }
  return { host, user };
}

const events = () => screen.queryAllByTestId('audit-event');
const asked = (host: FakeHost) =>
  host.calls.filter((call) => call.startsWith('auditLog')).map((call) => JSON.parse(call.slice(9)) as Record<string, unknown>);

describe('the audit log', () => {
  it('tells each event as a sentence, with when and from where', async () => {
    await draw();
    expect(events()[0]).toHaveTextContent('Mei Tan signed out');
    expect(events()[1]).toHaveTextContent('Ada Winter signed in');
    expect(events()[0]).toHaveTextContent('from 192.0.2.7');
    expect(screen.getByRole('heading', { name: 'Today' })).toBeVisible();
  });

  it('comes page by page, without a gap or a repeat', async () => {
    const { host, user } = await draw(120);
    expect(events()).toHaveLength(50);
    await user.click(screen.getByRole('button', { name: 'Load earlier events' }));
    await waitFor(() => expect(events()).toHaveLength(100));
    await user.click(screen.getByRole('button', { name: 'Load earlier events' }));
    await waitFor(() => expect(events()).toHaveLength(120));
    expect(screen.queryByRole('button', { name: 'Load earlier events' })).toBeNull();
    expect(asked(host).map(({ before }) => before)).toEqual([undefined, 71, 21]);
    expect(screen.getByText('120 events shown')).toBeVisible();
  });

  it('can be narrowed to a kind of event, and shown whole again', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: /Event/ }));
    await user.click(await screen.findByRole('option', { name: 'Signed out' }));
    await waitFor(() => expect(events()).toHaveLength(12));
    expect(asked(host).at(-1)).toMatchObject({ action: 'signed_out' });
    await user.click(screen.getByRole('button', { name: 'Show everything' }));
    await waitFor(() => expect(events()).toHaveLength(50));
  });

  it('can be narrowed to a person', async () => {
    const { host, user } = await draw(20);
    await user.click(screen.getByRole('combobox', { name: 'Person' }));
    await user.click(await screen.findByRole('option', { name: 'Mei Tan' }));
    await waitFor(() => expect(events()).toHaveLength(10));
    expect(asked(host).at(-1)).toMatchObject({ actor: 'u_mei' });
  });

  it('can be narrowed to the last days', async () => {
    const { user } = await draw(120);
    await user.click(screen.getByRole('button', { name: /Time/ }));
    await user.click(await screen.findByRole('option', { name: 'Last 7 days' }));
    await waitFor(() => expect(events()).toHaveLength(28));
  });

  it('says that there is nothing of this kind', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('button', { name: /Event/ }));
    await user.click(await screen.findByRole('option', { name: 'Deactivated' }));
    expect(await screen.findByText('Nothing of this kind was done.')).toBeVisible();
  });

  it('is exported as it is shown, and says where it went', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: /Event/ }));
    await user.click(await screen.findByRole('option', { name: 'Signed out' }));
    await user.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByText('/home/ada/Downloads/loquat-audit-2026-03-10.jsonl')).toBeVisible();
    expect(host.calls).toContain('exportAuditLog {"action":"signed_out"}');
  });

  it('that cannot be exported says why', async () => {
    const { host, user } = await draw();
    host.failNext('exportAuditLog', { reason: 'storage', detail: '' });
    await user.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByRole('alert')).toHaveTextContent("The disk of this computer cannot be used.");
  });

  it('that stops in the middle keeps what is shown', async () => {
    const { host, user } = await draw(120);
    host.failNext('auditLog', refused('unavailable').failure);
    await user.click(screen.getByRole('button', { name: 'Load earlier events' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The server cannot do this just now.');
    expect(events()).toHaveLength(50);
    await user.click(screen.getByRole('button', { name: 'Load earlier events' }));
    await waitFor(() => expect(events()).toHaveLength(100));
  });
});
