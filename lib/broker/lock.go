package broker

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A folder is one folder that holds targets, however many descriptors lead to
// it: a second lock on it through another descriptor would wait for the first.
type folder struct {
	fd       int
	dev, ino uint64
	path     string // of the first target in it
	locked   bool
}

// folder returns the descriptor to use for the folder that fd leads to.
func (b *Broker) folder(fd int, path string) (int, error) {
	st, err := b.sys.fstat(fd)
	if err != nil {
		return -1, fmt.Errorf("stat the folder of %s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return -1, fmt.Errorf("%s: the descriptor of its folder is not one of a folder", path)
	}
	for _, f := range b.folders {
		if f.dev == st.Dev && f.ino == st.Ino {
			return f.fd, nil
		}
	}
	b.folders = append(b.folders, &folder{fd: fd, dev: st.Dev, ino: st.Ino, path: path})
	return fd, nil
}

// lock keeps every other broker out of the folders. It does not wait. The
// kernel lets go of the locks when the process ends, however it ends.
func (b *Broker) lock() error {
	for _, f := range b.folders {
		if f.locked {
			continue
		}
		err := b.sys.flock(f.fd, unix.LOCK_EX|unix.LOCK_NB)
		if err == unix.EWOULDBLOCK {
			return fmt.Errorf("%s: another process holds the lock of the folder (lslocks shows which); run again when it is done", f.path)
		}
		if err != nil {
			return fmt.Errorf("lock the folder of %s: %w", f.path, err)
		}
		f.locked = true
	}
	return nil
}

// Unlock lets other brokers work on the targets. Commit does so itself; it is
// for a Plan that is not carried out.
func (b *Broker) Unlock() error {
	for _, f := range b.folders {
		if !f.locked {
			continue
		}
		if err := b.sys.flock(f.fd, unix.LOCK_UN); err != nil {
			return fmt.Errorf("unlock the folder of %s: %w", f.path, err)
		}
		f.locked = false
	}
	return nil
}
