"""The training loop: batches, updates, accuracies, checkpoints."""

import copy
import difflib
import math
import sys
import zlib

import numpy as np

from cs_layers import optim, solver_arguments, storage
from cs_layers.arguments import count, number

_SAVED = {"settings", "progress", "data", "random", "order", "params", "optim_configs", "best_params", "last_params"}
_RESUMABLE = ("num_epochs", "print_every", "verbose", "checkpoint_name")


class Solver:
    """Train a model by gradient descent on batches.

    An epoch goes once over every training row, in an order drawn anew; the last batch of an epoch is smaller when
    ``batch_size`` does not divide the number of rows. Accuracies are measured before the first update and after every
    epoch. When training ends, the parameters with the best validation accuracy are put back into the model.

    Parameters
    ----------
    model : object
        ``model.params`` is a dict of float arrays. ``model.loss(X)`` returns scores (N, classes) and
        ``model.loss(X, y)`` returns ``(loss, grads)``, where ``grads`` has a gradient for every key of ``params``.
        A ``model.rng``, the numpy.random.Generator that a model with dropout draws from, is saved with the rest.
    data : dict
        ``X_train`` (N, ...), ``y_train`` (N,), ``X_val``, ``y_val``; labels are integers from 0. Other keys are
        ignored.
    update_rule : str or callable
        The name of a rule of `cs_layers.optim`, or a function ``rule(w, dw, config) -> (next_w, config)``.
    optim_config : dict, optional
        Settings of the rule, ``{"learning_rate": 1e-3}`` say.
    lr_decay : float
        After every epoch the learning rate is multiplied by this.
    batch_size, num_epochs : int
    print_every : int
        Print the loss every this many updates; 0 for never.
    verbose : bool
        False prints nothing and shows no progress bar.
    num_train_samples, num_val_samples : int or None
        How many rows, drawn without replacement, the accuracies are measured on; None for all.
    checkpoint_name : str, optional
        After every epoch the whole state is saved as ``<checkpoint_name>_epoch_<epoch>.npz``; `resume` reads it.
    seed : int
        Seed of the solver's own random generator.
    augment : callable, optional
        ``augment(X, rng)`` returns a changed copy of a training batch, drawn with the solver's generator ``rng``.

    Attributes
    ----------
    loss_history : list of float
        The loss of every batch, before the update that the batch made.
    train_acc_history, val_acc_history : list of float
        Entry k is the accuracy after k epochs, so entry 0 is that of the untrained model.
    best_val_acc : float
    best_params : dict of str to array
    iteration : int
        Updates made so far.

    Raises
    ------
    TypeError, ValueError
        When an argument is not as above; the sentence names what was given and what is allowed.
    """

    def __init__(
        self,
        model,
        data,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        print_every=10,
        verbose=True,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        seed=0,
        augment=None,
        **unknown,
    ):
        if unknown:
            raise TypeError(_unknown_argument(next(iter(unknown))))
        solver_arguments.check_model(model)
        self.model = model
        self.X_train, self.y_train = solver_arguments.rows(data, "train")
        self.X_val, self.y_val = solver_arguments.rows(data, "val")
        if self.X_val.shape[1:] != self.X_train.shape[1:]:
            raise ValueError(
                f"X_val has rows of shape {self.X_val.shape[1:]}, but those of X_train have shape "
                f"{self.X_train.shape[1:]}; they must be the same."
            )
        self.update_rule = update_rule
        self._rule = solver_arguments.find_rule(update_rule, optim_config)
        self.optim_config = dict(optim_config or {})
        self.lr_decay = number("lr_decay", lr_decay, above=0)
        self.batch_size = count("batch_size", batch_size)
        if self.batch_size > len(self.X_train):
            raise ValueError(
                f"batch_size is {batch_size}, but there are only {len(self.X_train)} training rows; make it smaller."
            )
        self.num_epochs = count("num_epochs", num_epochs)
        self.print_every = count("print_every", print_every or 0, least=0)
        self.verbose = bool(verbose)
        self.num_train_samples = None if num_train_samples is None else count("num_train_samples", num_train_samples)
        self.num_val_samples = None if num_val_samples is None else count("num_val_samples", num_val_samples)
        self.checkpoint_name = solver_arguments.checkpoint_name(checkpoint_name)
        if augment is not None and not callable(augment):
            raise TypeError(f"augment is {augment!r}, but must be a function augment(X, rng) or None.")
        self.augment = augment
        self.seed = count("seed", seed, least=0)

        self._rng = np.random.default_rng(self.seed)
        self._order = None
        self._last_params = None
        self.optim_configs = {name: copy.deepcopy(self.optim_config) for name in model.params}
        self.iteration = 0
        self.loss_history, self.train_acc_history, self.val_acc_history = [], [], []
        self.best_val_acc, self.best_params = 0.0, None

    @property
    def iterations_per_epoch(self):
        """Updates in one epoch: the number of rows over the batch size, rounded up."""
        return math.ceil(len(self.X_train) / self.batch_size)

    @property
    def epoch(self):
        """Epochs completed."""
        return self.iteration // self.iterations_per_epoch

    def train(self):
        """Train until ``num_epochs`` epochs are done, from wherever the solver stands.

        After Ctrl-C the solver and the model stand where the last whole update left them: ``train()`` goes on from
        there, and so does `save` with `resume`. Raising ``num_epochs`` and calling again trains on from the last
        parameters, as if there had been no break.

        Raises
        ------
        FloatingPointError
            When the loss is no longer a finite number; the best parameters so far are put back.
        """
        if self._last_params is not None:
            if self._finished():
                self._put_best_back()
                self._say(f"Already trained for {self.epoch} epochs; raise num_epochs to train on.")
                return
            self.model.params.update(self._last_params)
            self._last_params = None
        with _progress(self) as bar:
            try:
                while True:
                    if len(self.val_acc_history) * self.iterations_per_epoch <= self.iteration:
                        self._all_or_nothing(self._check)
                        self._report_epoch(bar)
                        if self.checkpoint_name is not None and self.epoch > 0:
                            self.save(f"{self.checkpoint_name}_epoch_{self.epoch}.npz")
                    if self._finished():
                        break
                    self._all_or_nothing(self._step)
                    self._report_loss(bar)
            except FloatingPointError:
                self._put_best_back()
                raise
        self._put_best_back()

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """The share of rows whose highest score is at their label.

        Parameters
        ----------
        X : array (N, ...)
        y : array (N,) of integer labels
        num_samples : int or None
            Measure on this many rows, drawn without replacement; None (or N and more) for all.
        batch_size : int
            Rows given to the model at once; it bounds the memory used.

        Returns
        -------
        float
            Between 0 and 1.
        """
        X, y = solver_arguments.checked_rows("X", X, "y", y)
        if num_samples is not None:
            num_samples = count("num_samples", num_samples)
        return self._accuracy(X, y, num_samples, count("batch_size", batch_size))

    def save(self, path):
        """Write the whole state to an .npz file, so that `resume` continues bit for bit, even within an epoch.

        The file is written beside its final place and then renamed: a crash leaves no half-written checkpoint.

        Returns
        -------
        Path
            The file written; .npz is added where it is missing.
        """
        return storage.save_state(path, self._saved_state())

    @classmethod
    def resume(cls, path, model, data, update_rule=None, augment=None, **changes):
        """A solver in the state that `save` wrote, with ``model`` given the saved parameters.

        Parameters
        ----------
        path : str or Path
            What `save` wrote, or a checkpoint.
        model : object
            A model with the same parameters' names and shapes; their values are replaced.
        data : dict
            The data that the saved solver was trained on.
        update_rule, augment : callable, optional
            Needed when the saved solver had been given functions, which no file can hold.
        **changes
            New values for ``num_epochs``, ``print_every``, ``verbose`` or ``checkpoint_name``.

        Raises
        ------
        FileNotFoundError, TypeError, ValueError
            When the file is missing, damaged or no checkpoint, or the model or the data are not those that it was
            saved with.
        """
        for name in changes:
            if name not in _RESUMABLE:
                raise TypeError(f"Solver.resume cannot change {name!r}; it can change {', '.join(_RESUMABLE)}.")
        state = storage.load_state(path)
        if not isinstance(state, dict) or state.keys() != _SAVED:
            raise ValueError(f"{path} is not a checkpoint that Solver.save wrote.")
        settings = state["settings"]
        for name, function in (("update_rule", update_rule), ("augment", augment)):
            if function is not None:
                settings[name] = function
            elif settings[name] == _FUNCTION:
                raise ValueError(f"{path} was saved with a function as {name}; pass the same function as {name}=...")
        solver = cls(model, data, **(settings | changes))
        solver._set_saved_state(path, state)
        return solver

    def _step(self):
        """One update from the next batch."""
        row = self.iteration % self.iterations_per_epoch * self.batch_size
        if row == 0:
            self._order = self._rng.permutation(len(self.X_train))
        rows = self._order[row : row + self.batch_size]
        X, y = self.X_train[rows], self.y_train[rows]
        if self.augment is not None:
            X = self.augment(X, self._rng)
        # An overflow is reported below, once, as what it means for training.
        with np.errstate(over="ignore", invalid="ignore"):
            loss, grads = self._loss_and_grads(X, y)
            if not math.isfinite(loss):
                raise FloatingPointError(self._diverged(loss))
            updated = {name: self._update(name, grads) for name in self.model.params}
        for name, (value, config) in updated.items():
            self.model.params[name], self.optim_configs[name] = value, config
        self.loss_history.append(loss)
        self.iteration += 1
        if self.iteration % self.iterations_per_epoch == 0 and self.lr_decay != 1:
            self._decay()

    def _loss_and_grads(self, X, y):
        try:
            return solver_arguments.loss_and_grads(self.model, X, y)
        except ValueError as error:
            # Losses that refuse scores that are not finite are the first to notice that training ran away.
            if np.isfinite(self.model.loss(X)).all():
                raise
            raise FloatingPointError(self._diverged("nan")) from error

    def _update(self, name, grads):
        w, dw, config = self.model.params[name], grads[name], self.optim_configs[name]
        if np.shape(dw) != np.shape(w):
            raise ValueError(
                f"The gradient of {name} has shape {np.shape(dw)}, but {name} has shape {np.shape(w)}; they must be "
                "the same."
            )
        if self._rule in optim.RULES.values() or getattr(self._rule, "pure", False):
            return self._rule(w, dw, config)
        # A rule of one's own may change what it is given; the solver must be able to go back a step.
        result = self._rule(np.copy(w), np.copy(dw), copy.deepcopy(config))
        if not isinstance(result, tuple) or len(result) != 2 or not isinstance(result[1], dict):
            raise TypeError("The update rule must return (next_w, config), config a dict.")
        if np.shape(result[0]) != np.shape(w):
            raise ValueError(
                f"The update rule made {name} of shape {np.shape(w)} into shape {np.shape(result[0])}; it must stay."
            )
        return result

    def _decay(self):
        for name, config in self.optim_configs.items():
            if "learning_rate" not in config:
                raise ValueError(
                    f"lr_decay is {self.lr_decay}, but the update rule keeps no 'learning_rate' in its config to decay."
                )
            self.optim_configs[name] = config | {"learning_rate": config["learning_rate"] * self.lr_decay}

    def _check(self):
        """Measure both accuracies; remember the parameters if they are the best so far."""
        train = self._accuracy(self.X_train, self.y_train, self.num_train_samples)
        val = self._accuracy(self.X_val, self.y_val, self.num_val_samples)
        if self.best_params is None or val > self.best_val_acc:
            self.best_val_acc, self.best_params = val, _copied(self.model.params)
        self.train_acc_history.append(train)
        self.val_acc_history.append(val)

    def _accuracy(self, X, y, num_samples, batch_size=100):
        if num_samples is not None and num_samples < len(X):
            chosen = self._rng.choice(len(X), num_samples, replace=False)
            X, y = X[chosen], y[chosen]
        right = 0
        for start in range(0, len(X), batch_size):
            labels = y[start : start + batch_size]
            with np.errstate(over="ignore", invalid="ignore"):
                scores = self.model.loss(X[start : start + batch_size])
            if not isinstance(scores, np.ndarray) or scores.ndim != 2 or len(scores) != len(labels):
                returned = f"shape {scores.shape}" if isinstance(scores, np.ndarray) else type(scores).__name__
                raise ValueError(
                    f"model.loss(X) returned {returned} for {len(labels)} rows, but must return scores of shape "
                    f"({len(labels)}, classes)."
                )
            right += int(np.sum(np.argmax(scores, axis=1) == labels))
        return right / len(X)

    def _finished(self):
        return self.iteration >= self.num_epochs * self.iterations_per_epoch

    def _put_best_back(self):
        if self.best_params is None:
            return
        if self._last_params is None:
            self._last_params = _copied(self.model.params)
        self.model.params.update(_copied(self.best_params))

    def _all_or_nothing(self, action):
        """Run ``action``; when anything interrupts it, Ctrl-C included, go back to the state before it."""
        params, configs = dict(self.model.params), dict(self.optim_configs)
        random_states = [rng.bit_generator.state for rng in self._generators()]
        kept = {name: getattr(self, name) for name in ("_order", "iteration", "best_val_acc", "best_params")}
        histories = (self.loss_history, self.train_acc_history, self.val_acc_history)
        lengths = [len(history) for history in histories]
        try:
            action()
        except BaseException:
            self.model.params.update(params)
            self.optim_configs = configs
            for rng, state in zip(self._generators(), random_states, strict=True):
                rng.bit_generator.state = state
            for name, value in kept.items():
                setattr(self, name, value)
            for history, length in zip(histories, lengths, strict=True):
                del history[length:]
            raise

    def _generators(self):
        """The solver's own, and the model's if it has one."""
        rng = getattr(self.model, "rng", None)
        return [self._rng, rng] if isinstance(rng, np.random.Generator) else [self._rng]

    def _diverged(self, loss):
        rate = next(iter(self.optim_configs.values())).get("learning_rate")
        now = "" if rate is None else f" (it is {rate:g})"
        return (
            f"The loss became {loss} at iteration {self.iteration + 1}, in epoch {self.epoch + 1} of "
            f"{self.num_epochs}; training stopped. Lower the learning rate{now}, or scale the inputs and the initial "
            "weights down."
        )

    def _say(self, line, bar=None):
        if self.verbose:
            if bar is not None:
                bar.clear()
            print(line)

    def _report_loss(self, bar):
        bar.update(1)
        if self.print_every and (self.iteration - 1) % self.print_every == 0:
            total = self.num_epochs * self.iterations_per_epoch
            self._say(f"(Iteration {self.iteration} / {total}) loss: {self.loss_history[-1]:.6f}", bar)

    def _report_epoch(self, bar):
        train, val = self.train_acc_history[-1], self.val_acc_history[-1]
        self._say(f"(Epoch {self.epoch} / {self.num_epochs}) train acc: {train:.4f}; val acc: {val:.4f}", bar)

    def _saved_state(self):
        settings = {
            "update_rule": _FUNCTION if callable(self.update_rule) else self.update_rule,
            "augment": None if self.augment is None else _FUNCTION,
            "optim_config": self.optim_config,
        }
        for name in ("lr_decay", "batch_size", "num_train_samples", "num_val_samples", "seed", *_RESUMABLE):
            settings[name] = getattr(self, name)
        progress = ("iteration", "best_val_acc", "loss_history", "train_acc_history", "val_acc_history")
        return {
            "settings": settings,
            "progress": {name: getattr(self, name) for name in progress},
            "data": self._fingerprint(),
            "random": [rng.bit_generator.state for rng in self._generators()],
            "order": self._order,
            "params": dict(self.model.params),
            "optim_configs": self.optim_configs,
            "best_params": self.best_params,
            "last_params": self._last_params,
        }

    def _set_saved_state(self, path, state):
        if state["data"] != self._fingerprint():
            raise ValueError(
                f"{path} was saved while training on other data: {state['data']}, but the data given are "
                f"{self._fingerprint()}."
            )
        saved = {name: f"{value.dtype} {value.shape}" for name, value in state["params"].items()}
        given = {name: f"{value.dtype} {value.shape}" for name, value in self.model.params.items()}
        if saved != given:
            raise ValueError(f"{path} holds the parameters {saved}, but the model given has {given}.")
        if len(state["random"]) != len(self._generators()):
            raise ValueError(
                f"{path} was saved with a model that {'has' if len(state['random']) == 2 else 'lacks'} an "
                "rng, unlike the model given."
            )
        self.model.params.update(state["params"])
        for name, value in state["progress"].items():
            setattr(self, name, value)
        self.optim_configs, self.best_params = state["optim_configs"], state["best_params"]
        self._order, self._last_params = state["order"], state["last_params"]
        for rng, saved in zip(self._generators(), state["random"], strict=True):
            rng.bit_generator.state = saved

    def _fingerprint(self):
        labels = zlib.crc32(np.concatenate([self.y_train, self.y_val]).astype("<i8").tobytes())
        return {"X_train": list(self.X_train.shape), "X_val": list(self.X_val.shape), "checksum of the labels": labels}


class _Lines:
    """Stands in for the progress bar where there is none."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def update(self, steps):
        pass

    def clear(self):
        pass


def _progress(solver):
    """A tqdm bar on stdout; plain lines when nothing should be drawn or tqdm is not installed."""
    if not solver.verbose:
        return _Lines()
    try:
        from tqdm import tqdm
    except ImportError:
        return _Lines()
    # Drawn twice a second and wiped off at the end: a notebook keeps all that was ever written.
    total = solver.num_epochs * solver.iterations_per_epoch
    return tqdm(
        total=total,
        initial=solver.iteration,
        desc="Training",
        unit="batch",
        file=sys.stdout,
        mininterval=0.5,
        leave=False,
    )


_ARGUMENTS = tuple(Solver.__init__.__code__.co_varnames[3 : Solver.__init__.__code__.co_argcount])
_FUNCTION = "<function>"


def _unknown_argument(name):
    near = difflib.get_close_matches(name, _ARGUMENTS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"Solver does not know the argument {name!r}; beside model and data it takes {', '.join(_ARGUMENTS)}.{hint}"


def _copied(params):
    return {name: np.copy(value) for name, value in params.items()}
