// Reads the QR code of a picture file, in the page itself.
import decodeQR from 'qr/decode.js';

/** Longer sides are scaled down: a camera's picture would take seconds. */
const MAX_SIDE = 1600;

export async function readQrImage(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to read the picture.');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
}
