# What Pillow does to the numbers of a picture, as golden values for TonesTest.
# Run with Python 3 and Pillow 12: python tones.py > tones.txt
import PIL
from PIL import Image, ImageEnhance, ImageOps

H, W = 18, 23


def picture():
    # The same numbers as in TonesTest: a linear congruential generator.
    state, data = 7, bytearray()
    for _ in range(H * W * 3):
        state = (state * 1103515245 + 12345) % 2**31
        data.append(20 + state // 65536 % 190)
    return Image.frombytes("RGB", (W, H), bytes(data))


def checksums(image):
    # The sum, the sum weighted by place, and the first twelve numbers.
    data = image.tobytes()
    weighted = sum((i % 251 + 1) * v for i, v in enumerate(data))
    return f"{sum(data)} {weighted} " + " ".join(str(v) for v in data[:12])


x = picture()
print(f"# Pillow {PIL.__version__}")
for f in (0.37, 1.63):
    print(f"brightness {f} {checksums(ImageEnhance.Brightness(x).enhance(f))}")
    print(f"colour {f} {checksums(ImageEnhance.Color(x).enhance(f))}")
    print(f"contrast {f} {checksums(ImageEnhance.Contrast(x).enhance(f))}")
    print(f"sharpness {f} {checksums(ImageEnhance.Sharpness(x).enhance(f))}")
print(f"posterise 5 {checksums(ImageOps.posterize(x, 5))}")
print(f"solarise 120 {checksums(ImageOps.solarize(x, 120))}")
print(f"spread 0 {checksums(ImageOps.autocontrast(x))}")
print(f"equalise 0 {checksums(ImageOps.equalize(x))}")
