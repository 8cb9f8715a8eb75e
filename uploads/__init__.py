"""Files that people send: one door that checks them, cleans them and stores them by content.

The package knows neither Flask nor SQL. `uploads.intake.receive` is the door; everything else serves it.
"""
