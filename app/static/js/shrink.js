// A photo brought down in the browser to the edge that the server keeps anyway: on a poor line that is most of the wait.
// Never enlarged; upright, because the browser turns it while decoding; what cannot be decoded here (HEIC) goes as it is.
const DECODED = new Set(["image/jpeg", "image/png", "image/webp"]);
const QUALITY = 0.88;

export async function shrink(file, edge) {
  if (!edge || !DECODED.has(file.type)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return file;
  const ratio = edge / Math.max(picture.width, picture.height);
  if (ratio >= 1) { picture.close(); return file; }
  const blob = await draw(picture, ratio);
  picture.close();
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
}

function draw(picture, ratio) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";  // JPEG has no transparency: black would take its place
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}
