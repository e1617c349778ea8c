"""What happens when a person does something: parse, call `hybrid`, format.

Every module keeps its callbacks as plain functions and offers
``register(app)``, so that a second app in one process gets them as well.
"""
