package sandbox

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// opened is what the first start opens for the second, and for the process that
// waits for it. All numbers are above the fixed places.
type opened struct {
	places    []placement
	program   int // this program
	waiters   int // Landlock's ruleset for the process that waits; -1 where there is none
	report    int // the pipe by which fork's child tells of a failure
	reportEnd int // where that is read
}

// put duplicates fd above the fixed places and remembers where it goes.
func (o *opened) put(what string, fd int, at layout, to int, kept bool) (int, error) {
	high, err := raise(fd, at)
	if err != nil {
		return -1, &LayerError{layerDescriptors, fmt.Errorf("%s: %w", what, err)}
	}
	o.places = append(o.places, placement{what, high, to, kept})
	return high, nil
}

// open opens what every second start needs, the handoff and this program. Where
// the list runs in a child, the pipe for its report comes first, so that a failure
// of anything after it can be told.
func (o *opened) open(h Handoff, k kind, ord order, forks bool) error {
	at := ord.layout
	if forks {
		if err := o.openReport(at); err != nil {
			return err
		}
	}
	if ord.role == CompanionItself {
		if err := o.openNull(at); err != nil {
			return err
		}
	}
	for i, fd := range h.Inputs {
		if _, err := o.put(fmt.Sprintf("input %d", i), fd, at, firstInput+i, true); err != nil {
			return err
		}
	}
	if at.blob {
		fd, err := sealBlob(h.Blob)
		if err != nil {
			return &LayerError{layerDescriptors, err}
		}
		if _, err := o.put("handoff", fd, at, at.blobAt(), true); err != nil {
			return err
		}
	}
	program, err := unix.Open("/proc/self/exe", unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return &LayerError{layerDescriptors, fmt.Errorf("/proc/self/exe: %w", err)}
	}
	if o.program, err = o.put("program", program, at, at.programAt(), false); err != nil {
		return err
	}
	folders, err := o.openFolders(h.Folders, at, !ord.namespaces || k.programs)
	if err != nil {
		return err
	}
	return o.openRulesets(folders, k, at, ord.parent != 0)
}

// openNull puts /dev/null in the place of all standard descriptors. What the caller has
// there may be a terminal, and whoever holds one can type into it (TIOCSTI: before
// Linux 6.2 always, then by a sysctl), set it, or write what it acts upon.
func (o *opened) openNull(at layout) error {
	const path = "/dev/null"
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err == nil && !isNull(fd) {
		err = errors.New("is another file")
	}
	if err != nil {
		return &LayerError{layerDescriptors, fmt.Errorf("%s: %w", path, err)}
	}
	for to := range 3 {
		if _, err := o.put(path, fd, at, to, true); err != nil {
			return err
		}
	}
	return nil
}

// isNull reports whether a descriptor is of the memory device with the number 3 (null(4)).
func isNull(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFCHR && st.Rdev == unix.Mkdev(1, 3)
}

func (o *opened) openReport(at layout) error {
	var ends [2]int
	err := unix.Pipe2(ends[:], unix.O_CLOEXEC)
	if err != nil {
		return &LayerError{layerDescriptors, fmt.Errorf("pipe: %w", err)}
	}
	defer unix.Close(ends[1])
	o.reportEnd = ends[0]
	o.report, err = o.put("report", ends[1], at, at.reportAt(), false)
	return err
}

// openFolders opens the folders for Landlock's rules. They are kept where there is
// no new root, else enterRoot opens them in there.
func (o *opened) openFolders(paths []string, at layout, kept bool) ([]int, error) {
	fds := make([]int, len(paths))
	for i, path := range paths {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return nil, &LayerError{layerDescriptors, fmt.Errorf("%s: %w", path, err)}
		}
		fds[i] = fd
		if kept {
			if _, err := o.put(path, fd, at, firstFolder+i, true); err != nil {
				return nil, err
			}
		}
	}
	return fds, nil
}

// openRulesets makes Landlock's rulesets. The process that waits has one of its
// own, for the signal by which its child follows it is one that it sends.
func (o *opened) openRulesets(folders []int, k kind, at layout, waited bool) error {
	o.waiters = -1
	if landlockABI() == 0 {
		return nil
	}
	ruleset, err := landlockRuleset(o.program, folders, k, false)
	if err != nil {
		return &LayerError{layerLandlock, err}
	}
	if _, err := o.put("ruleset", ruleset, at, at.rulesetAt(), false); err != nil || !waited {
		return err
	}
	if ruleset, err = landlockRuleset(o.program, nil, kind{}, true); err != nil {
		return &LayerError{layerLandlock, err}
	}
	if o.waiters, err = raise(ruleset, at); err != nil {
		return &LayerError{layerDescriptors, err}
	}
	return nil
}
