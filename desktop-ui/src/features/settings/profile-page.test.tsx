import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { refused } from '#bridge/fake-host.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { ProfilePage } from './profile-page.tsx';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const called = (host: ReturnType<typeof signedInHost>, call: string) => host.calls.filter((one) => one.startsWith(call));

async function draw(host = signedInHost()) {
  const { user, container } = await renderWith(host, <ProfilePage />);
  const chooseFile = (file: File) => {
    const input = container.querySelector<HTMLInputElement>('input[type="file"]');
    return user.upload(input!, file);
  };
  return { host, user, container, chooseFile };
}

describe('the profile', () => {
  it('is saved when something changed, and says so', async () => {
    const { host, user } = await draw();
    const save = screen.getByRole('button', { name: 'Save' });
    expect(save).toBeDisabled();
    await user.type(screen.getByRole('textbox', { name: 'Title' }), 'Head of trees{Enter}');
    expect(await screen.findByText('Saved.')).toBeVisible();
    expect(host.world.me.title).toBe('Head of trees');
    expect(save).toBeDisabled();
  });

  it('needs a name', async () => {
    const { host, user } = await draw();
    await user.clear(screen.getByRole('textbox', { name: 'Name' }));
    expect(screen.getByText('A name is needed, so that colleagues know who writes.')).toBeVisible();
    await user.type(screen.getByRole('textbox', { name: 'Title' }), 'x{Enter}');
    expect(called(host, 'updateProfile')).toEqual([]);
  });

  it('that is refused says why and keeps what was typed', async () => {
    const { host, user } = await draw();
    host.failNext('updateProfile', refused('invalid_name').failure);
    await user.type(screen.getByRole('textbox', { name: 'Name' }), '!{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('This name cannot be used.');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('Ada Winter!');
  });
});

describe('the picture', () => {
  it('is looked at before it is used', async () => {
    const { host, user, container, chooseFile } = await draw();
    await chooseFile(new File([PNG], 'me.png', { type: 'image/png' }));
    expect(await screen.findByText('This is how it will look.')).toBeVisible();
    expect(container.querySelector('img')?.src).toBe(`data:image/png;base64,${btoa(String.fromCharCode(...PNG))}`);
    expect(called(host, 'setPicture')).toEqual([]);

    await user.click(screen.getByRole('button', { name: 'Use this picture' }));

    expect(await screen.findByText('Your picture was changed.')).toBeVisible();
    expect(host.world.me.picture).not.toBeNull();
  });

  it('that was only looked at changes nothing', async () => {
    const { host, user, chooseFile } = await draw();
    await chooseFile(new File([PNG], 'me.png', { type: 'image/png' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('button', { name: 'Use this picture' })).toBeNull();
    expect(called(host, 'setPicture')).toEqual([]);
  });

  it('that is no picture says so', async () => {
    const { chooseFile } = await draw();
    await chooseFile(new File(['hello'], 'me.png', { type: 'image/png' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This file is not a picture that can be used. Choose a PNG, JPEG or WebP.',
    );
  });

  it('that is too large says how large', async () => {
    const { chooseFile } = await draw();
    await chooseFile(new File([new Uint8Array(2.34 * 1024 * 1024)], 'me.png', { type: 'image/png' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This picture has 2.4 MB. Choose one of at most 1 MB.');
  });

  it('that the server refuses stays to be looked at', async () => {
    const { host, user, chooseFile } = await draw();
    host.failNext('setPicture', refused('invalid_picture').failure);
    await chooseFile(new File([PNG], 'me.png', { type: 'image/png' }));
    await user.click(await screen.findByRole('button', { name: 'Use this picture' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This file is not a picture that can be used.');
    expect(screen.getByRole('button', { name: 'Use this picture' })).toBeVisible();
  });

  it('can be removed', async () => {
    const host = signedInHost();
    host.world.setMe({ ...host.world.me, picture: 'p_old' });
    host.changeSession(host.world.signedIn());
    const { user } = await draw(host);
    await user.click(screen.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(host.world.me.picture).toBeNull());
    expect(await screen.findByText('Your picture was removed.')).toBeVisible();
  });
});
