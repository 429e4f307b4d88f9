"""Words of the pages: English in the sources, Chinese in the catalogue beside this file.

`python -m service.translations.update` brings the catalogue up to what the sources say;
`python -m service.translations.check` tells what is still to be translated.
"""
