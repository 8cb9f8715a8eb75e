"""Paper: certificates as frozen contents, numbers, designs, PDF files and signatures.

The package knows neither the web application nor its database. What a caller needs:

    from certificates.content import CertificateContent
    from certificates.design import load_design, design_names
    from certificates.compiler import compile_design
    from certificates.press import Press, render_slow

    compiled = compile_design(load_design("national"), cache_dir)
    press = Press(compiled, signer=None)
    press.check(contents)                    # every bad content, before anything is printed
    press.stamp(content)                     # one PDF as bytes
    press.write_single(contents, sink)       # sink(content, pdf) once per content
    press.write_combined(contents, file, crop_marks=False)
    press.write_zip(contents, file)
    render_slow(content, design)             # the same page by WeasyPrint alone
"""
