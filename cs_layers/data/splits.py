"""How many images of each part are asked for, and whether there are as many."""

from cs_layers.arguments import count

__all__ = ["split_sizes"]


def split_sizes(title, available, available_test, num_training, num_validation, num_test):
    """The three numbers, with None replaced by all that are left; parts of the training file never overlap.

    Raises
    ------
    ValueError
        If a number is neither None nor an integer of 0 or more, or the numbers exceed what is there.
    """
    sizes = {"num_training": num_training, "num_validation": num_validation, "num_test": num_test}
    for name, size in sizes.items():
        if size is not None:
            count(name, size, least=0)
    if num_validation is None:
        num_validation = available - num_training if num_training is not None else 0
    if num_training is None:
        num_training = max(available - num_validation, 0)
    if num_test is None:
        num_test = available_test
    if num_training + num_validation > available or num_validation < 0:
        raise ValueError(
            f"{title}: {num_training:,} training and {num_validation:,} validation images were asked for, the files "
            f"here have {available:,} together. Ask for fewer, or leave num_training out to get what is left."
        )
    if num_test > available_test:
        raise ValueError(f"{title}: {num_test:,} test images were asked for, the files here have {available_test:,}.")
    return num_training, num_validation, num_test
