import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { AboutPage } from './about-page.tsx';

it('says which version this is, and where one is signed in', async () => {
  await renderWith(signedInHost(), <AboutPage />);
  expect(await screen.findByText('0.1.0')).toBeVisible();
  expect(screen.getByText('chat.orchard.example')).toBeVisible();
});

it('copies that for a report', async () => {
  const { user } = await renderWith(signedInHost(), <AboutPage />);
  await screen.findByText('0.1.0');
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('Version: 0.1.0\nWorkspace: Orchard & Co\nServer: chat.orchard.example');
});

it('lists what is inside, and finds a part of it', async () => {
  const { user } = await renderWith(signedInHost(), <AboutPage />);
  await user.click(screen.getByRole('button', { name: 'Show licences' }));
  const search = await screen.findByRole('searchbox', { name: 'Search licences' });
  expect(screen.getAllByRole('listitem').length).toBeGreaterThan(100);
  await user.type(search, 'react-aria-components');
  const [found] = screen.getAllByRole('listitem');
  expect(found).toHaveTextContent('Apache-2.0');
  await user.type(search, 'zzz');
  expect(screen.getByText('Nothing is called “react-aria-componentszzz”.')).toBeVisible();
});
