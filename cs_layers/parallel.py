"""Independent runs one after another, over several processes, or on a Dask cluster; joblib does the work."""

import contextlib
import os


def cores():
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(function, items, n_jobs=1, scheduler=None):
    """Call ``function`` with each item.

    Parameters
    ----------
    function : callable
    items : sequence
    n_jobs : int
        Processes that work at the same time, -1 for one a core; needs joblib, without which calls follow one another.
        Inside ``with joblib.parallel_config(backend="dask")`` they run on that Dask cluster.
    scheduler : str, optional
        Address of a Dask scheduler, ``tcp://host:8786`` say: calls run on its workers, as many at a time as it has
        threads. The workers need this package. For a cluster with TLS make a ``distributed.Client`` with its
        certificates and use joblib's backend as above.

    Returns
    -------
    iterator
        Over what each call returned, in the order of the items.

    Raises
    ------
    ValueError
        When ``n_jobs`` is not as above, or ``scheduler`` is given and joblib or distributed is not installed.
    ConnectionError
        When no scheduler answers at that address.
    """
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int) or n_jobs == 0 or n_jobs < -1:
        raise ValueError(f"n_jobs is {n_jobs!r}, but must be the number of processes, or -1 for one a core.")
    if n_jobs == 1 and scheduler is None:
        return map(function, items)
    try:
        import joblib
    except ImportError:
        if scheduler is not None:
            raise ValueError('A Dask cluster is reached through joblib: pip install "cs-layers[notebooks]".') from None
        return map(function, items)
    return _with_joblib(joblib, function, items, n_jobs, scheduler)


def _with_joblib(joblib, function, items, n_jobs, scheduler):
    with contextlib.nullcontext() if scheduler is None else _cluster(joblib, scheduler):
        jobs = joblib.Parallel(-1 if scheduler is not None else n_jobs, return_as="generator")
        yield from jobs(joblib.delayed(function)(item) for item in items)


def _cluster(joblib, scheduler):
    try:
        return joblib.parallel_config("dask", scheduler_host=scheduler)
    except OSError as error:
        raise ConnectionError(
            f"No Dask scheduler answers at {scheduler!r}; start one with `dask scheduler` and give the address that it "
            f"prints, tcp://host:8786 say ({type(error).__name__})."
        ) from None
    except ValueError as error:
        if "dask" not in str(error):
            raise
        raise ValueError('A Dask cluster needs distributed: pip install "cs-layers[farm]".') from None
