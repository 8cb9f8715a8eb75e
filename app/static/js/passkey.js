// Passkeys: asks the browser for what the server wants, fills the answer into the form and sends it.
//
// <form data-passkey="create|get" data-options="{…}"> holds a hidden field `credential`. Bytes travel as base64url.
// [data-passkey-state] says what went wrong; [data-passkey-again] asks once more.

function bytesOf(text) {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function textOf(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const named = (list) => (list || []).map((item) => ({ ...item, id: bytesOf(item.id) }));

function creationOptions(given) {
  return {
    ...given,
    challenge: bytesOf(given.challenge),
    user: { ...given.user, id: bytesOf(given.user.id) },
    excludeCredentials: named(given.excludeCredentials),
  };
}

function requestOptions(given) {
  return { ...given, challenge: bytesOf(given.challenge), allowCredentials: named(given.allowCredentials) };
}

// The answer in the shape of the standard's JSON; the extensions are a text, as the server keeps them.
function written(credential) {
  const from = credential.response;
  const response = { clientDataJSON: textOf(from.clientDataJSON) };
  if (from.attestationObject) {
    response.attestationObject = textOf(from.attestationObject);
    response.transports = from.getTransports ? from.getTransports() : [];
  } else {
    response.authenticatorData = textOf(from.authenticatorData);
    response.signature = textOf(from.signature);
    if (from.userHandle) response.userHandle = textOf(from.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    extensions: JSON.stringify(credential.getClientExtensionResults()),
  });
}

async function ask(form, state) {
  state.textContent = "";
  const given = JSON.parse(form.dataset.options);
  try {
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: creationOptions(given) })
        : await navigator.credentials.get({ publicKey: requestOptions(given) });
    form.elements.credential.value = written(credential);
  } catch {
    state.textContent = state.dataset.wordFailed;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const state = document.querySelector("[data-passkey-state]");
  if (!window.PublicKeyCredential) {
    state.textContent = state.dataset.wordNone;
    continue;
  }
  form.querySelector("[data-passkey-again]")?.addEventListener("click", () => ask(form, state));
  ask(form, state);
}
