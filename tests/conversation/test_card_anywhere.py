"""谁管我这 where nobody knows which grid it is: asked once, answered, and never a case (H8)."""

from tests.conversation.town import WANG


async def test_in_a_group_no_grid_is_bound_to_he_is_asked_for_his_estate(open_town) -> None:
    async with open_town("robot") as town:
        await town.say("robot", WANG, "谁管我这", "wrNOBODYS", named=True)
        await town.say("robot", WANG, "何园新村", "wrNOBODYS", named=True)
        asked, card = (sent.text for sent in town.robot.sent)
        assert "哪个小区" in asked
        assert "唐静" in card
        assert await town.cases() == []
