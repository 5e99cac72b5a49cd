package sandbox

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// seals make memory that nobody can change any more, whoever has a descriptor.
const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE

// sealBlob returns a descriptor of sealed memory with these bytes. Its offset is
// at their end, so it is read by position.
func sealBlob(blob []byte) (fd int, err error) {
	if len(blob) > MaxBlob {
		return -1, fmt.Errorf("handoff of %d bytes, the most is %d", len(blob), MaxBlob)
	}
	if fd, err = unix.MemfdCreate("handoff", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING); err != nil {
		return -1, fmt.Errorf("memfd_create: %w", err)
	}
	for len(blob) > 0 {
		n, err := unix.Write(fd, blob)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			unix.Close(fd)
			return -1, fmt.Errorf("memfd: %w", err)
		}
		blob = blob[n:]
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("memfd: seal: %w", err)
	}
	return fd, nil
}

// readBlob reads sealed memory whole and closes it.
func readBlob(fd int) ([]byte, error) {
	defer unix.Close(fd)
	if have, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0); err != nil || have&seals != seals {
		return nil, errors.New("the handoff is not sealed memory")
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("handoff: %w", err)
	}
	if st.Size < 0 || st.Size > MaxBlob {
		return nil, fmt.Errorf("handoff of %d bytes, the most is %d", st.Size, MaxBlob)
	}
	blob := make([]byte, st.Size)
	for n := 0; n < len(blob); {
		m, err := unix.Pread(fd, blob[n:], int64(n))
		if err == unix.EINTR {
			continue
		}
		if err != nil || m == 0 {
			return nil, fmt.Errorf("handoff: read %d of %d bytes: %v", n, len(blob), err)
		}
		n += m
	}
	return blob, nil
}
