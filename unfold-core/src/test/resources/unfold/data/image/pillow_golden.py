"""Writes pillow_golden.txt: small picture files and what Pillow makes of them.

    python pillow_golden.py > pillow_golden.txt        (made with Pillow 12.3.0, numpy 2)

A line is `decode NAME FILE H W C PIXELS` or `resize NAME FILE H W C PIXELS` with FILE (a picture file)
and PIXELS (H x W x C, 8 bits) in base64. Colours are as Pillow converts them; transparent parts lie on
white; pictures are turned upright by their EXIF orientation.
"""

import base64
import io
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

rng = np.random.default_rng(1)
H, W = 13, 18
y, x = np.mgrid[0:H, 0:W]
smooth = np.stack([20 + 12 * x, 10 + 17 * y, 128 + 100 * np.sin(x / 3 + y / 4)], -1)
rgb = Image.fromarray(np.clip(smooth + rng.normal(0, 12, smooth.shape), 0, 255).astype(np.uint8))
grey = rgb.convert("L")
ramp = Image.fromarray((x * 255 // (W - 1)).astype(np.uint8))


def b64(data):
    return base64.b64encode(data).decode()


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def emit(what, name, file, pixels):
    pixels = np.asarray(pixels, np.uint8)
    pixels = pixels.reshape(pixels.shape[0], pixels.shape[1], -1)
    print(what, name, b64(file), *pixels.shape, b64(pixels.tobytes()))


def decoded(file, channels):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode == "I;16":
        return (np.asarray(image).astype(np.int64) * 255 + 32767) // 65535
    if "transparency" in image.info or image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255,) * 4), image).convert("RGB")
    return np.asarray(image.convert("RGB" if channels == 3 else "L"))


def png16(values):
    """A 16-bit RGB PNG, which Pillow reads but does not write."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", values.shape[1], values.shape[0], 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks
    )


def decode_cases():
    yield "jpeg-420", saved(rgb, "JPEG", quality=85, subsampling=2), 3
    yield "jpeg-422", saved(rgb, "JPEG", quality=85, subsampling=1), 3
    yield "jpeg-444", saved(rgb, "JPEG", quality=85, subsampling=0), 3
    yield "jpeg-progressive", saved(rgb, "JPEG", progressive=True), 3
    yield "jpeg-grey", saved(grey, "JPEG"), 1
    yield "jpeg-rgb", saved(rgb, "JPEG", keep_rgb=True), 3
    cmyk = saved(rgb.convert("CMYK"), "JPEG", quality=95)
    yield "jpeg-cmyk", cmyk, 3
    ycck = bytearray(cmyk)
    ycck[ycck.index(b"Adobe") + 11] = 2
    yield "jpeg-ycck", bytes(ycck), 3
    for k in range(1, 9):
        exif = Image.Exif()
        exif[274] = k
        yield f"jpeg-orientation-{k}", saved(rgb, "JPEG", exif=exif), 3
    yield "png-rgb", saved(rgb, "PNG"), 3
    yield "png-grey", saved(grey, "PNG"), 1
    yield "png-1-bit", saved(grey.convert("1"), "PNG"), 1
    palette = rgb.quantize(20)
    yield "png-palette", saved(palette, "PNG"), 3
    yield "png-palette-4-colours", saved(rgb.quantize(4), "PNG"), 3
    yield "png-palette-transparent", saved(palette, "PNG", transparency=3), 3
    yield "png-rgba", saved(Image.merge("RGBA", [*rgb.split(), ramp]), "PNG"), 3
    yield "png-grey-alpha", saved(Image.merge("LA", [grey, ramp]), "PNG"), 1
    yield "png-rgb-transparent", saved(rgb, "PNG", transparency=rgb.getpixel((4, 4))), 3
    yield "png-grey-16", saved(Image.fromarray(np.asarray(grey).astype(np.uint16) * 256 + 77), "PNG"), 1


print("# Pillow", PIL.__version__)
for name, file, channels in decode_cases():
    emit("decode", name, file, decoded(file, channels))
wide = rng.integers(0, 65536, (5, 6, 3))
emit("decode", "png-rgb-16", png16(wide), (wide * 255 + 32767) // 65535)

noise = Image.fromarray(rng.integers(0, 256, (23, 37, 3), np.uint8))
for name, image, h, w in [
    ("smaller", noise, 8, 11),
    ("larger", noise.crop((0, 0, 5, 7)), 12, 9),
    ("flatter", noise, 5, 40),
    ("higher", noise, 41, 6),
    ("rows-only", noise, 10, 37),
    ("columns-only", noise, 23, 10),
    ("to-one-pixel", noise, 1, 1),
    ("grey", noise.convert("L"), 9, 14),
]:
    emit("resize", name, saved(image, "PNG"), image.resize((w, h), Image.BILINEAR))
