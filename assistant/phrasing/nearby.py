"""Is a model on this computer or in its own network? Decided by addresses, not by names."""

import socket
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Not ``is_private``: that also holds for addresses that lead to others, such as those of Teredo.
_NEARBY = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "0.0.0.0/32",
        "::1/128",
        "::/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def is_nearby_address(address: str) -> bool:
    """``address`` is an IP address, as sockets tell it. Loopback, private or link-local."""
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in _NEARBY)


@cache
def is_nearby(host: str) -> bool:
    """Whether all addresses of ``host`` are; one that is not found is not. Looked up once, so that what visitors are
    told stays what it was; where a connection leads then is looked at when it is made."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(is_nearby_address(str(address[0])) for *_, address in found)
