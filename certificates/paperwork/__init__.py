"""The statutory forms and minutes: frozen contents in, PDF or DOCX bytes out. Imports no Flask and no SQL."""
