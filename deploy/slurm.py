"""A grading cluster on Slurm: a scheduler on this machine, workers as batch jobs, TLS between all of them.

    pip install dask-jobqueue
    python deploy/slurm.py CERTIFICATES --jobs 4 --account teaching

CERTIFICATES is a folder with cert.pem and key.pem that all nodes can read (docs/scale.md makes them in one line). The
program prints the command that grades with the cluster, and ends the cluster at Ctrl-C.
"""

import argparse
import contextlib
import signal
import sys
from pathlib import Path


def main():
    options = arguments()
    from dask_jobqueue import SLURMCluster
    from distributed import Security

    cert, key = (str((options.certificates / name).resolve()) for name in ("cert.pem", "key.pem"))
    roles = {f"tls_{role}_{part}": path for role in ("client", "scheduler", "worker") for part, path in
             (("cert", cert), ("key", key))}  # fmt: skip
    security = Security(tls_ca_file=cert, require_encryption=True, **roles)
    with SLURMCluster(
        cores=options.cores,
        processes=options.cores,  # one submission at a time in each
        memory=options.memory,
        walltime=options.walltime,
        queue=options.queue,
        account=options.account,
        python=sys.executable,  # on a file system that the nodes share, with the course installed
        protocol="tls://",
        security=security,
        scheduler_options={"port": options.port, "dashboard_address": None},
        local_directory="/tmp",
        death_timeout=600,
    ) as cluster:
        if options.script:
            print(cluster.job_script())
            return
        cluster.scale(jobs=options.jobs)
        tls = f"--tls-ca-file {cert} --tls-cert {cert} --tls-key {key}"
        print(f"cs-layers grade ASSIGNMENT --scheduler {cluster.scheduler_address} {tls}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("certificates", type=Path, help="folder with cert.pem and key.pem")
    parser.add_argument("--jobs", type=int, default=4, help="batch jobs (default: %(default)s)")
    parser.add_argument("--cores", type=int, default=8, help="cores of each job (default: %(default)s)")
    parser.add_argument("--memory", default="24GB", help="memory of each job (default: %(default)s, 3 GB a core)")
    parser.add_argument("--walltime", default="02:00:00", help="longest time of a job (default: %(default)s)")
    parser.add_argument("--queue", help="Slurm's partition")
    parser.add_argument("--account", help="Slurm's account")
    parser.add_argument("--port", type=int, default=8786, help="the scheduler's port (default: %(default)s)")
    parser.add_argument("--script", action="store_true", help="print the batch job and start nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
