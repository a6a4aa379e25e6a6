"""A group of more files than a request may name can be kept whole."""

import gc
import http.client
import json
from pathlib import Path

import invented
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.web_review import Server, create_app
from same_image_locator.web_review.asked import MOST_FILES
from same_image_locator.web_review.media import Gallery


def test_all_files_of_a_very_large_group_are_kept_by_one_word(tmp_path: Path) -> None:
    count = MOST_FILES + 1
    made = invented.group(1, [f"{place}.jpg" for place in range(count)], tier="same picture")
    review = invented.review(tmp_path, invented.in_folders(tmp_path, [made]))
    server = Server("127.0.0.1", 0)

    def choose(wish: dict[str, object]) -> tuple[int, int]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {
            "X-SIL-Token": server.keys.token,
            "Origin": f"http://127.0.0.1:{server.port}",
            "Content-Type": "application/json",
        }
        body = json.dumps({**wish, "rev": review.view(1).rev})
        connection.request("PUT", "/api/groups/1/selection", body, headers)
        answer = connection.getresponse()
        status = answer.status
        answer.read()
        connection.close()
        return status, len(review.view(1).keep)

    with Cache() as cache, Previews(1) as previews:
        server.start(create_app(review, Gallery(cache, previews), server.keys))
        try:
            assert choose({"keep": list(range(count))}) == (400, 0)
            assert choose({"all": True}) == (200, count)
            assert choose({"keep": []}) == (200, 0)
        finally:
            server.stop()
    gc.collect()  # tells of an answer that was written to a file, and of its file left open
