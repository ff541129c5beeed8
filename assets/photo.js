/* A photo is made small in the page, and what it tells beside the picture stays behind. Where a browser cannot do it, the
   service does. Put before the scripts that use it. */
function shrinkPhoto(input) {
  "use strict";
  var file = input.files && input.files[0], SIDE = 1280, MOST = 200 * 1024;
  if (!file || !window.createImageBitmap || !window.DataTransfer) { return; }
  function take(blob) {
    var bag = new DataTransfer();
    if (!blob || blob.size > file.size || input.files[0] !== file) { return; }
    bag.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    input.files = bag.files;
  }
  function draw(canvas, quality) {
    canvas.toBlob(function (blob) {
      if (blob && blob.size > MOST && quality > 0.4) { draw(canvas, quality - 0.2); } else { take(blob); }
    }, "image/jpeg", quality);
  }
  window.createImageBitmap(file).then(function (picture) {
    var by = Math.min(1, SIDE / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * by);
    canvas.height = Math.round(picture.height * by);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    draw(canvas, 0.8);
  }, function () { /* the service says what is wrong with it */ });
}
