// The call at the desk: a draft that outlives a reload and a lost server, Ctrl+Enter from anywhere. Without this file
// everything works, too.
(function () {
  'use strict';
  var form = document.querySelector('form[data-draft]');
  if (!form || !window.localStorage) return;
  var key = 'draft-' + form.getAttribute('data-draft');
  var own = { form_token: 1, idempotency_key: 1, looked: 1, read: 1, act: 1 };

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !own[field.name] && field.type !== 'submit';
    });
  }
  function keep() {
    var values = fields().map(function (field) {
      return field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value;
    });
    try { localStorage.setItem(key, JSON.stringify(values)); } catch (full) { /* the page itself still holds it */ }
  }
  function forget() { localStorage.removeItem(key); }
  function restore() {
    var values;
    try { values = JSON.parse(localStorage.getItem(key)); } catch (broken) { values = null; }
    var list = fields();
    if (!values || values.length !== list.length) return;
    var some = false;
    list.forEach(function (field, place) {
      if (field.type === 'checkbox') field.checked = values[place] === '1';
      else field.value = values[place];
      if (field.tagName !== 'SELECT' && field.type !== 'checkbox' && values[place]) some = true;
    });
    var told = document.querySelector('[data-kept]');
    if (some && told) told.hidden = false;
  }

  if (document.querySelector('[data-saved]')) forget();
  else if (form.elements.phone && !form.elements.phone.value) restore();
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
  Array.prototype.forEach.call(document.querySelectorAll('[data-forget], form[action="/sign-out"]'), function (leave) {
    leave.addEventListener(leave.tagName === 'FORM' ? 'submit' : 'click', forget);
  });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && event.ctrlKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      document.getElementById('go').click();
    }
  });
})();
