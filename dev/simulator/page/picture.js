import { ask } from './store.js';

/** Bytes that may go to the simulator as they are; larger ones are made smaller first, as handsets do. */
const mostBytes = 500_000;
const mostPixels = 1280;
const kinds = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Hands a picture to the simulator; resolves with the address that an MMS carries. */
export async function uploadPicture(file) {
  const picture = kinds.includes(file.type) && file.size <= mostBytes ? file : await shrink(file);
  const { address } = await ask('POST', '/media', { type: picture.type, base64: await base64Of(picture) });
  return address;
}

/** Where the page loads a picture that the simulator or the engine keeps; undefined for addresses elsewhere, which it never loads. */
export function sourceOf(address) {
  if (!URL.canParse(address)) return undefined;
  const { pathname, search } = new URL(address);
  if (/^\/v1\/media\/[\w-]+\.(?:jpg|png|gif|webp)$/.test(pathname)) return pathname + search;
  return /^\/media\/[\w-]+\.(?:jpg|png|gif|webp)$/.test(pathname) ? pathname : undefined;
}

async function shrink(file) {
  const image = await createImageBitmap(file).catch(() => {
    throw new Error('This file is no picture that a handset can send.');
  });
  const scale = Math.min(1, mostPixels / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}

function base64Of(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
