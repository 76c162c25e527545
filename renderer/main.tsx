import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/tokens.css';
import { createRoot } from 'react-dom/client';
import { startMessages } from './app/i18n.ts';
import { Desk } from './app/providers.tsx';

await startMessages();
createRoot(document.getElementById('root')!).render(<Desk />);
