"""Trains a model beside the one that is there, which stays as it is until the new one is whole."""
