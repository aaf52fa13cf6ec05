"""The numbers of OKLab (Ottosson 2020, https://bottosson.github.io/posts/oklab/), for arrays and tensors alike.

linear sRGB -> RGB_TO_LMS -> cube root -> LMS_TO_LAB -> L in [0, 1], a and b about [-0.4, 0.4]; D65.
"""

RGB_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
LMS_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
