package sandbox

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// makePoller has the Go runtime make its epoll instance and the eventfd in it,
// which it does at the first timer, and checks that they stand where the system
// call policy has them: adding 4 to 3 once more is EEXIST only there.
func makePoller() error {
	time.Sleep(time.Nanosecond)
	err := unix.EpollCtl(pollerEpoll, unix.EPOLL_CTL_ADD, pollerEvent, &unix.EpollEvent{Events: unix.EPOLLIN})
	if !errors.Is(err, unix.EEXIST) {
		return errors.New("the Go runtime's poller is not at 3 and 4")
	}
	return nil
}
