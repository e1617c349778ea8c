"""What Segue does with the DJ's Spotify account: sign in, look up, match, write and bring.

Everything that asks Spotify goes through an `Account`; nothing from Spotify trains a model.
"""
