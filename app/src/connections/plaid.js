() => {
  const page = document.getElementById("plaid");
  const form = page.querySelector("form");
  const button = document.getElementById("plaid-open");
  const told = document.getElementById("plaid-told");
  const { token, received, left, failed } = page.dataset;
  const fill = (name, value) => (form.elements[name].value = value ?? "");
  let link;
  const make = (receivedRedirectUri) => {
    link = Plaid.create({
      token,
      ...(receivedRedirectUri && { receivedRedirectUri }),
      onSuccess: (publicToken, { institution, accounts }) => {
        button.hidden = true;
        told.textContent = page.dataset.done;
        fill("public_token", publicToken);
        fill("institution", institution?.institution_id);
        fill("accounts", JSON.stringify(accounts?.map(({ type, subtype, mask }) => ({ type, subtype, mask })) ?? []));
        form.requestSubmit();
      },
      onExit: (error) => {
        told.textContent = error ? failed : left;
        // A return from a bank counts once.
        link.destroy?.();
        make();
      },
    });
  };
  // Its script did not come.
  if (!window.Plaid) return void (told.textContent = failed);
  make(received);
  button.addEventListener("click", () => {
    told.textContent = "";
    link.open();
  });
  button.hidden = false;
  link.open();
}
